import CALSA
import Glibc
import Handoff
public import Logging
public import ServiceLifecycle
import Synchronization

/// Takes MIDI by ALSA's sequencer: a port that controllers and programs can be connected to, also by `aconnect`.
public final class MIDIListener: Service, Sendable {
    /// The client's and the port's name.
    public static let name = "phi-matrix"

    private let source: String?
    private let scenes: Int
    private let take: @Sendable (ControlCommand) -> Void
    private let logger: Logger
    private let shouldStop = Atomic(false)
    private let events = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - source: The controller to connect to, as `aconnect -l` names it ("20:0" or a name); nil waits for a connection.
    ///   - scenes: How many scenes notes can choose.
    ///   - take: Called on the listener's thread.
    public init(
        source: String?, scenes: Int, logger: Logger, take: @escaping @Sendable (ControlCommand) -> Void
    ) {
        self.source = source
        self.scenes = scenes
        self.take = take
        self.logger = logger
    }

    /// Events that meant something, since the start.
    public var eventCount: UInt64 { events.load(ordering: .relaxed) }

    /// Whether this machine has the sequencer; nil, or the reason.
    public static var unavailability: String? {
        do throws(MIDIError) {
            _ = try Sequencer()
            return nil
        } catch {
            return error.reason
        }
    }

    /// Listens until graceful shutdown or cancellation.
    /// - Throws: `MIDIError` where there is no sequencer, or no such controller.
    public func run() async throws {
        try await withGracefulShutdownHandler {
            try await DedicatedThread.run(name: "phi-midi", stop: { self.stop() }) { try self.listen() }
        } onGracefulShutdown: {
            self.stop()
        }
    }

    private func stop() { shouldStop.store(true, ordering: .relaxed) }

    private func listen() throws {
        let sequencer = try Sequencer()
        if let source { try sequencer.connect(to: source) }
        logger.info("Listening for MIDI.", metadata: ["port": "\(sequencer.address)"])
        while !shouldStop.load(ordering: .relaxed) {
            sequencer.wait(milliseconds: 200)
            while let event = sequencer.next() {
                guard let command = MIDIMap.command(event, scenes: scenes) else { continue }
                events.add(1, ordering: .relaxed)
                take(command)
            }
        }
    }
}

/// Why there is no MIDI.
public struct MIDIError: Error, CustomStringConvertible {
    let reason: String

    public var description: String { "MIDI cannot be taken: \(reason)." }
}
