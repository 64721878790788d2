/// The label of the system's state (domain §4).
public enum StateLabel: UInt8, Sendable, CaseIterable, BitwiseCopyable {
    case coma, sleep, drowsy, awake, alert, hypersync

    /// The name used on the wire and on screen.
    public var name: String {
        switch self {
        case .coma: "COMA"
        case .sleep: "SLEEP"
        case .drowsy: "DROWSY"
        case .awake: "AWAKE"
        case .alert: "ALERT"
        case .hypersync: "HYPERSYNC"
        }
    }

    /// The label of averaged metrics: the most specific match wins; nil where none matches.
    public static func matching(ici: Double, coherence: Double, spectralCentroid: Double) -> StateLabel? {
        if ici > 0.9 && coherence > 0.9 { return .hypersync }
        if ici > 0.7 && coherence > 0.7 { return .alert }
        if ici < 0.1 && coherence < 0.2 { return .coma }
        if spectralCentroid < 10 && coherence < 0.4 { return .sleep }
        if ici < 0.3 { return .drowsy }
        if (0.3...0.7).contains(ici) && coherence >= 0.4 { return .awake }
        return nil
    }
}

/// Follows the label over time: inputs are averaged over 10 samples, and a label lasts at least 0.5 s.
public struct StateLabeler: Sendable {
    private static let window = 10
    private static let minimumDuration = 0.5

    private var history: InlineArray<10, Metrics> = InlineArray(repeating: Metrics())
    private var count = 0
    private var since = -Double.infinity
    /// The label that holds now.
    public private(set) var label = StateLabel.awake

    private struct Metrics: BitwiseCopyable, Sendable {
        var ici = 0.0, coherence = 0.0, centroid = 0.0
    }

    public init() {}

    /// Takes one sample at `time` (seconds) and returns the label that holds. Where no label matches, the last one stays.
    public mutating func update(ici: Double, coherence: Double, spectralCentroid: Double, time: Double) -> StateLabel {
        history[count % Self.window] = Metrics(ici: ici, coherence: coherence, centroid: spectralCentroid)
        count += 1
        let filled = min(count, Self.window)
        var mean = Metrics()
        for n in 0..<filled {
            mean.ici += history[n].ici / Double(filled)
            mean.coherence += history[n].coherence / Double(filled)
            mean.centroid += history[n].centroid / Double(filled)
        }
        let match = StateLabel.matching(ici: mean.ici, coherence: mean.coherence, spectralCentroid: mean.centroid)
        if let match, match != label, time - since >= Self.minimumDuration {
            label = match
            since = time
        }
        return label
    }
}
