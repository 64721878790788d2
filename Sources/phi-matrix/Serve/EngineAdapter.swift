import FrameServer
import Handoff
import PhiEngine
import PhiModel
import Synchronization

/// Shows the engine to the server.
final class EngineAdapter: EnginePort {
    let description: EngineDescription
    private let loop: EngineLoop
    /// The server's buffer; the lock makes its many threads one reader.
    private let states: Mutex<TripleBuffer<TimedState>>

    init(loop: EngineLoop, states: TripleBuffer<TimedState>) {
        description = EngineDescription(
            name: loop.name, audioRunning: loop.sampleRate > 0, sampleRate: loop.sampleRate,
            bufferSize: loop.bufferSize)
        self.loop = loop
        self.states = Mutex(states)
    }

    func newestState() -> EngineState { states.withLock { $0.latest { sample, _ in sample.state } } }

    var isFresh: Bool { loop.isFresh }
}
