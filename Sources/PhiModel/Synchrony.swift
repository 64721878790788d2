#if canImport(Glibc)
    import Glibc
#endif

/// The metrics of the Φ-matrix (domain §3), as pure functions.
public enum Synchrony {
    /// Fills `matrix` with the pair terms m_ij = (A_i · A_j / Ā²) · cos(θ_i − θ_j), unclamped, zero on the diagonal, from
    /// the audible amplitudes A and phases θ of the channels. Silence gives zeros.
    public static func pairTerms(_ channels: InlineArray<8, ChannelState>) -> CouplingMatrix {
        var matrix = CouplingMatrix()
        var mean = 0.0
        for k in channels.indices { mean += channels[k].audibleAmplitude }
        mean /= Double(EngineState.channelCount)
        guard mean > 1e-9 else { return matrix }
        for i in channels.indices {
            for j in (i + 1)..<EngineState.channelCount {
                let gain = channels[i].audibleAmplitude * channels[j].audibleAmplitude / (mean * mean)
                matrix[i, j] = gain * cos(channels[i].phase - channels[j].phase)
            }
        }
        return matrix
    }

    /// |Σ_{i≠j} m_ij| / (N(N−1)), before smoothing, clamped to [0, 1].
    public static func rawICI(_ terms: CouplingMatrix) -> Double {
        var sum = 0.0
        for i in 0..<EngineState.channelCount {
            for j in (i + 1)..<EngineState.channelCount { sum += 2 * terms[i, j] }
        }
        let n = Double(EngineState.channelCount)
        return (abs(sum) / (n * (n - 1))).clamped(to: 0...1)
    }

    /// The factor of the exponential smoothing of ICI, per sample.
    public static let smoothing = 0.2

    /// One step of exponential smoothing with α = 0.2.
    public static func smooth(_ previous: Double, toward value: Double) -> Double {
        previous + smoothing * (value - previous)
    }

    /// Kuramoto's order parameter weighted by amplitude: r = |Σ A_k e^{iθ_k}| / Σ A_k, in [0, 1]. Silence gives 0.
    public static func coherence(_ channels: InlineArray<8, ChannelState>) -> Double {
        var x = 0.0, y = 0.0, weight = 0.0
        for k in channels.indices {
            let a = channels[k].audibleAmplitude
            x += a * cos(channels[k].phase)
            y += a * sin(channels[k].phase)
            weight += a
        }
        guard weight > 1e-9 else { return 0 }
        return (hypot(x, y) / weight).clamped(to: 0...1)
    }

    /// Kuramoto's threshold K_c = 2 / (π · g(0)) in Hz, where g is the normal density with the standard deviation of
    /// `frequencies` (Hz): K_c = 2σ√(2π) / π. Equal frequencies synchronise at any coupling: 0.
    public static func criticalCoupling(_ frequencies: InlineArray<8, Double>) -> Double {
        var mean = 0.0, square = 0.0
        for k in frequencies.indices { mean += frequencies[k] }
        mean /= Double(EngineState.channelCount)
        for k in frequencies.indices { square += (frequencies[k] - mean) * (frequencies[k] - mean) }
        let deviation = (square / Double(EngineState.channelCount)).squareRoot()
        return 2 * deviation * (2 * Double.pi).squareRoot() / .pi
    }

    /// The distance to the edge of order K / K_c, with K = strength · mean row sum of |coupling|, a unit of coupling
    /// pulling at 1 Hz. Capped at 1,000 where all frequencies are equal.
    public static func criticality(
        coupling: CouplingMatrix, strength: Double, frequencies: InlineArray<8, Double>
    ) -> Double {
        let k = strength * coupling.meanRowSum
        let critical = criticalCoupling(frequencies)
        guard k > 0 else { return 0 }
        return critical > 0 ? min(k / critical, 1_000) : 1_000
    }

    /// 0.4 · coherence + 0.3 · (1 − ici) + 0.3 · min(1, centroid / Nyquist), in [0, 1].
    public static func consciousnessLevel(
        coherence: Double, ici: Double, spectralCentroid: Double, nyquist: Double
    ) -> Double {
        0.4 * coherence + 0.3 * (1 - ici) + 0.3 * min(1, nyquist > 0 ? spectralCentroid / nyquist : 0)
    }

    /// How close ICI is to its ideal of 0.5: clamp(1 − 2 · |ici − 0.5|, 0, 1). The symmetry ring is perfect at 1.
    public static func symmetryScore(ici: Double) -> Double { (1 - 2 * abs(ici - 0.5)).clamped(to: 0...1) }
}
