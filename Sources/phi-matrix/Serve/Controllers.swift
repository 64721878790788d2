import ControlInput
import Logging
import PhiRenderer
import ServiceLifecycle

/// What is taken from controllers beside the server.
struct Controllers {
    /// Nil for none.
    let osc: UDPEndpoint?
    /// A controller's name, or "any"; nil for none.
    let midi: String?

    /// Throws where what is asked for cannot be had: before anything is drawn.
    func check() throws {
        guard midi != nil, let reason = MIDIListener.unavailability else { return }
        throw CommandError(.unavailable, "MIDI cannot be taken: \(reason).")
    }

    func services(_ desk: ControlDesk, logger: Logger) throws -> [any Service] {
        guard osc != nil || midi != nil else { return [] }
        var services: [any Service] = [desk]
        if let osc {
            services.append(
                OSCListener(host: osc.host, port: osc.port, logger: logger) { desk.take($0, from: .osc) })
        }
        if let midi {
            services.append(
                MIDIListener(
                    source: midi == "any" ? nil : midi, scenes: SceneCatalog.entries.count, logger: logger
                ) { desk.take($0, from: .midi) })
        }
        return services
    }
}
