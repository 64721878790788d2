extension EngineState {
    /// Fills `result` with the state at engine time `time`, between the samples `a` and `b`.
    ///
    /// Angles take the shorter way; numbers are linear; waveforms flow (`WaveformFlow`); what cannot be blended (the label,
    /// flags) is `b`'s.
    /// After `b` everything moves on as it did from `a` to `b`, for no longer than `beyond`; then it holds. A time before
    /// `a` takes `a`. The clock is that of `time` throughout, so that breathing never stops.
    /// - Parameter beyond: Seconds, ≥ 0.
    public static func interpolate(
        from a: borrowing EngineState, to b: borrowing EngineState, at time: Double, beyond: Double = 0,
        into result: inout EngineState
    ) {
        result = copy b
        result.time = time
        let span = b.time - a.time
        guard span > 0 else { return }
        let t = ((time - a.time) / span).clamped(to: 0...(1 + beyond / span))
        guard t != 1 else { return }
        StateOffset(from: b, to: a).add(1 - t, to: &result)
        WaveformFlow.interpolate(from: a.waveforms, to: b.waveforms, t, into: &result.waveforms)
    }
}
