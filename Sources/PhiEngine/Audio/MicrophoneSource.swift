import Handoff
import PhiModel

/// The engine that listens to a microphone, or to what a loopback device plays. While there is no sound to be had, no states
/// come, and the picture comes to rest.
public final class MicrophoneSource: StateSource {
    public let name: String
    public var sampleRate: Int { AudioFileReader.sampleRate }
    public var bufferSize: Int { SoundAnalysis.hop }
    public var sampleInterval: Double { SoundAnalysis.interval }
    public let isLive = true
    public private(set) var timestamp: Double?

    /// Hops that may wait before the oldest are passed over: what is late is no longer live.
    private static let longestQueue = 12

    private let input: any SoundInput
    private let analysis: SoundAnalysis
    private let newest: UnsafeMutableBufferPointer<Float>
    private var state = EngineState()
    private var passedOver: UInt64 = 0

    /// - Parameter input: Belongs to the source from here on.
    /// - Throws: `EngineError` where the analysis cannot be set up.
    public init(_ input: any SoundInput, settings: EngineSettings = EngineSettings()) throws {
        self.input = input
        name = input.name
        analysis = try SoundAnalysis(settings)
        newest = .allocate(capacity: SoundAnalysis.hop)
        newest.initialize(repeating: 0)
        for k in state.channels.indices { state.channels[k].amplitude = 0 }
    }

    deinit {
        input.stop()
        newest.deallocate()
    }

    public var health: EngineHealth {
        var health = input.health
        health.counts["mended_samples"] = analysis.mendedCount
        health.counts["passed_over"] = passedOver
        return health
    }

    public func apply(_ settings: EngineSettings) { analysis.apply(settings) }

    public func advance(to time: Double, into state: inout EngineState) {
        while input.count > Self.longestQueue * SoundAnalysis.hop, input.read(into: newest) { passedOver += 1 }
        var heard = false
        while input.read(into: newest) {
            analysis.take(UnsafeBufferPointer(newest))
            heard = true
        }
        if heard {
            // The newest hop began to sound this long ago.
            timestamp = MonotonicClock.unixSeconds - Double(input.count) / Double(sampleRate)
            let moment = max(time, self.state.time + 1e-4)
            analysis.fill(&self.state)
            self.state.time = moment
        }
        let before = state.timestamp
        state = self.state
        state.timestamp = before
    }
}
