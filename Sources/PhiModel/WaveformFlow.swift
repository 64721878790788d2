#if canImport(Glibc)
    import Glibc
#endif

/// The motion of waveforms between two samples of the engine.
///
/// A lane holds the newest stretch of a wave, so that from one sample to the next it mostly moves along, and changes its
/// shape a little. Blending two lanes where they are would make quick waves vanish half-way between the samples. So each
/// lane is first moved to where it belongs at the time that is drawn, by its part of the lag that fits best.
public enum WaveformFlow {
    /// Fills `result` with the lanes at fraction `t` of the way from `a` to `b`; after `b` (t > 1) its lanes move on, and
    /// what was not heard yet holds the last value.
    public static func interpolate(
        from a: Waveforms, to b: Waveforms, _ t: Double, into result: inout Waveforms
    ) {
        a.withSamples { a in
            b.withSamples { b in
                guard let a = a.baseAddress, let b = b.baseAddress else { return }
                for k in 0..<EngineState.channelCount {
                    let from = a + k * Waveforms.length, to = b + k * Waveforms.length
                    let isSame = memcmp(from, to, Waveforms.length * MemoryLayout<Float>.size) == 0
                    let lag = isSame ? 0 : WaveformLag.find(from, to)
                    result.withLane(k) { lane in
                        guard !isSame else {
                            lane.baseAddress?.update(from: to, count: lane.count)
                            return
                        }
                        if t > 1 {
                            carry(to, by: (t - 1) * lag, into: lane)
                        } else if lag >= 0 {
                            blend(from, t * lag, to, (1 - t) * lag, Float(t), into: lane)
                        } else {
                            blend(to, (t - 1) * lag, from, -t * lag, Float(1 - t), into: lane)
                        }
                    }
                }
            }
        }
    }

    /// `first` moved to the left by `u` ≥ 0 samples and `second` moved to the right by `v` ≥ 0, with `weight` of the second;
    /// where one of them has nothing, the other alone.
    private static func blend(
        _ first: UnsafePointer<Float>, _ u: Double, _ second: UnsafePointer<Float>, _ v: Double, _ weight: Float,
        into lane: UnsafeMutableBufferPointer<Float>
    ) {
        let near = Int(u), far = Int(u.rounded(.up))
        let back = Int(v.rounded(.up)), front = Int(v)
        let p = Float(u - Double(near)), q = Float(Double(back) - v)
        func left(_ n: Int) -> Float { first[n + near] + p * (first[n + far] - first[n + near]) }
        func right(_ n: Int) -> Float { second[n - back] + q * (second[n - front] - second[n - back]) }
        let end = lane.count - far
        for n in 0..<back { lane[n] = left(n) }
        for n in back..<end {
            let value = left(n)
            lane[n] = value + weight * (right(n) - value)
        }
        for n in end..<lane.count { lane[n] = right(n) }
    }

    /// `source` moved to the left by `shift` samples, or to the right where it is negative.
    private static func carry(
        _ source: UnsafePointer<Float>, by shift: Double, into lane: UnsafeMutableBufferPointer<Float>
    ) {
        let last = lane.count - 1
        let shift = shift.clamped(to: -Double(last)...Double(last))
        let whole = Int(shift.rounded(.down))
        let part = Float(shift - Double(whole))
        for n in lane.indices {
            let a = source[(n + whole).clamped(to: 0...last)], b = source[(n + whole + 1).clamped(to: 0...last)]
            lane[n] = a + part * (b - a)
        }
    }
}

/// How far a lane is from another, in everything: what fades away where samples come back after they stayed away.
public struct WaveformOffset: BitwiseCopyable, Sendable {
    private var difference: Waveforms

    /// What has to be added to `a` to reach `b`.
    public init(from a: borrowing Waveforms, to b: borrowing Waveforms) {
        difference = copy b
        Self.add(-1, a, to: &difference, limit: 2)
    }

    /// Adds `share` times the offset; every value stays in its range.
    public func add(_ share: Double, to waveforms: inout Waveforms) {
        Self.add(Float(share), difference, to: &waveforms, limit: 1)
    }

    private static func add(_ share: Float, _ a: borrowing Waveforms, to b: inout Waveforms, limit: Float) {
        a.withSamples { a in
            for k in 0..<EngineState.channelCount {
                b.withLane(k) { lane in
                    for n in lane.indices {
                        lane[n] = min(max(lane[n] + share * a[k * Waveforms.length + n], -limit), limit)
                    }
                }
            }
        }
    }
}
