/// The Φ-matrix: the coupling of every pair of channels, symmetric with a zero diagonal, each entry in [−1, 1].
public struct CouplingMatrix: BitwiseCopyable, Sendable {
    private var entries: InlineArray<64, Double>

    public init() { entries = InlineArray(repeating: 0) }

    /// The coupling of channels `i` and `j`. Setting it sets both halves; the diagonal stays zero.
    public subscript(i: Int, j: Int) -> Double {
        get { entries[i * EngineState.channelCount + j] }
        set {
            guard i != j else { return }
            entries[i * EngineState.channelCount + j] = newValue
            entries[j * EngineState.channelCount + i] = newValue
        }
    }

    /// The mean over the channels of Σ_j |c_ij|: how strongly a channel is held by all the others together.
    public var meanRowSum: Double {
        var sum = 0.0
        for i in entries.indices { sum += abs(entries[i]) }
        return sum / Double(EngineState.channelCount)
    }
}
