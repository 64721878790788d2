import Glibc

/// What a MIDI controller sent, as far as it means something here.
public enum MIDIEvent: Sendable, Equatable {
    /// Number and value, 0…127 each.
    case controller(Int, Int)
    /// −8192…8191.
    case pitchBend(Int)
    /// Number and velocity, 0…127 each; a velocity of 0 ends the note.
    case noteOn(Int, velocity: Int)
}

/// What MIDI events stand for (domain §6): CC1, the modulation wheel, is the depth of Φ; pitch bend is its phase; the notes of
/// an octave, from C on, are the scenes in the order of menus.
enum MIDIMap {
    private static let modulationWheel = 1
    private static let goldenRatio = 1.618033988749895

    /// - Parameter scenes: How many there are.
    static func command(_ event: MIDIEvent, scenes: Int) -> ControlCommand? {
        switch event {
        case .controller(modulationWheel, let value):
            .phiDepth(goldenRatio * Double(min(max(value, 0), 127)) / 127)
        case .pitchBend(let value):
            // The middle is 0, and both ends are half a turn.
            .phiPhase(value < 0 ? 2 * .pi + .pi * Double(value) / 8_192 : .pi * Double(value) / 8_192)
        case .noteOn(let note, let velocity):
            velocity > 0 && note % 12 < scenes ? .sceneNumber(note % 12) : nil
        default: nil
        }
    }
}
