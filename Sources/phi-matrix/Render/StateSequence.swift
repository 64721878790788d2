import PhiEngine
import PhiModel

/// The states at moments that follow one another: each is what `StateAtTime` gives, without beginning anew.
struct StateSequence {
    private let source: any StateSource
    private var older = EngineState()
    private var newer = EngineState()

    /// - Parameter start: The first moment that will be asked for, seconds.
    init(_ source: any StateSource, start: Double) throws {
        self.source = source
        try source.advance(to: start, into: &older)
        older.timestamp = 0
        newer = older
        try step(to: start + source.sampleInterval)
    }

    private mutating func step(to time: Double) throws { try source.advance(to: time, into: &newer) }

    /// The state at `time`, seconds; not before the last one.
    mutating func state(at time: Double, into state: inout EngineState) throws {
        // A sample is due at its time: the small addition is the one that sources themselves allow for rounding.
        while newer.time <= time + 1e-6 * source.sampleInterval {
            older = newer
            try step(to: newer.time + 1.25 * source.sampleInterval)
        }
        EngineState.interpolate(from: older, to: newer, at: time, into: &state)
    }
}
