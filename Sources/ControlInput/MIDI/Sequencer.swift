import CALSA
import Glibc

/// A client of ALSA's sequencer with one port. Belongs to one thread.
final class Sequencer {
    private let handle: OpaquePointer
    private let port: Int32

    init() throws(MIDIError) {
        calsa_quieten()
        var opened: OpaquePointer?
        let status = snd_seq_open(&opened, "default", SND_SEQ_OPEN_INPUT, calsa_nonblocking)
        guard status >= 0, let opened else {
            throw MIDIError(
                reason:
                    "ALSA's sequencer cannot be opened (\(Self.text(status))); load it with modprobe snd-seq, and give the "
                    + "program /dev/snd")
        }
        snd_seq_set_client_name(opened, MIDIListener.name)
        port = snd_seq_create_simple_port(opened, MIDIListener.name, calsa_may_write, calsa_application)
        guard port >= 0 else {
            snd_seq_close(opened)
            throw MIDIError(reason: "ALSA's sequencer gave no port (\(Self.text(port)))")
        }
        handle = opened
    }

    deinit { snd_seq_close(handle) }

    /// As `aconnect` takes it: "128:0".
    var address: String { "\(snd_seq_client_id(handle)):\(port)" }

    /// Lets a controller send here.
    func connect(to source: String) throws(MIDIError) {
        var address = snd_seq_addr_t()
        guard snd_seq_parse_address(handle, &address, source) >= 0 else {
            throw MIDIError(reason: "there is no controller '\(source)'; aconnect -i lists those there are")
        }
        let status = snd_seq_connect_from(handle, port, Int32(address.client), Int32(address.port))
        guard status >= 0 else {
            throw MIDIError(reason: "the controller '\(source)' cannot be connected (\(Self.text(status)))")
        }
    }

    /// Waits for an event.
    func wait(milliseconds: Int32) {
        var descriptors = [pollfd](
            repeating: pollfd(), count: Int(max(1, snd_seq_poll_descriptors_count(handle, Int16(POLLIN)))))
        let count = snd_seq_poll_descriptors(handle, &descriptors, UInt32(descriptors.count), Int16(POLLIN))
        poll(&descriptors, nfds_t(max(0, count)), milliseconds)
    }

    /// The next event that means something; nil where none waits.
    func next() -> MIDIEvent? {
        var event: UnsafeMutablePointer<snd_seq_event_t>?
        // A negative status says that none waits, or that some were lost: what counts comes again with the next move.
        while snd_seq_event_input(handle, &event) >= 0, let event {
            switch calsa_kind(event) {
            case calsa_controller: return .controller(Int(calsa_parameter(event)), Int(calsa_value(event)))
            case calsa_pitch_bend: return .pitchBend(Int(calsa_value(event)))
            case calsa_note_on: return .noteOn(Int(calsa_note(event)), velocity: Int(calsa_velocity(event)))
            default: continue
            }
        }
        return nil
    }

    private static func text(_ status: Int32) -> String { String(cString: snd_strerror(status)).lowercased() }
}
