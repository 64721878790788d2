import PhiEngine
import PhiModel

/// The state that is drawn at an exact time, between the samples around it.
enum StateAtTime {
    static func state(of source: any StateSource, at time: Double) throws -> EngineState {
        var before = EngineState()
        try source.advance(to: time, into: &before)
        before.timestamp = 0
        var after = before
        try source.advance(to: time + source.sampleInterval, into: &after)
        var state = EngineState()
        EngineState.interpolate(from: before, to: after, at: time, into: &state)
        return state
    }
}
