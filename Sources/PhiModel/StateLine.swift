/// The lines of a recorded session: one JSON object for each sample, with the names of domain §1 and contract §4.1, and `t`,
/// the seconds since the session began, before everything else. Six decimals; written without an encoder, which would cost a
/// hundred times as much.
public enum StateLine {
    /// A line of `metrics.jsonl`: the whole sample but its waveforms.
    public static func appendMetrics(_ figures: StateFigures, at t: Double, to line: inout [UInt8]) {
        var object = LineObject(&line)
        object.add("t", t, to: &line)
        object.add("timestamp", figures.timestamp, to: &line)
        object.add("time", figures.time, to: &line)
        object.add("frame_id", figures.frameID, to: &line)
        object.add("ici", figures.ici, to: &line)
        object.add("coherence", figures.coherence, to: &line)
        object.add("phase_coherence", figures.coherence, to: &line)
        object.add("criticality", figures.criticality, to: &line)
        object.add("spectral_centroid", figures.spectralCentroid, to: &line)
        object.add("nyquist", figures.nyquist, to: &line)
        let level = Synchrony.consciousnessLevel(
            coherence: figures.coherence, ici: figures.ici, spectralCentroid: figures.spectralCentroid,
            nyquist: figures.nyquist)
        object.add("consciousness_level", level, to: &line)
        object.add("state", figures.label.name, to: &line)
        addPhi(figures, &object, &line)
        object.add("coupling_strength", figures.couplingStrength, to: &line)
        var active = 0
        for k in figures.channels.indices where figures.channels[k].audibleAmplitude > 0 { active += 1 }
        object.add("active_channels", UInt64(active), to: &line)
        addChannels(figures, &object, &line)
        addCoupling(figures.coupling, &object, &line)
        object.add("valid", figures.valid, to: &line)
        object.end(&line)
    }

    /// A line of `phi.jsonl`: Φ alone, with the rate and the phase of the breathing.
    public static func appendPhi(_ figures: StateFigures, at t: Double, to line: inout [UInt8]) {
        var object = LineObject(&line)
        object.add("t", t, to: &line)
        object.add("timestamp", figures.timestamp, to: &line)
        object.add("time", figures.time, to: &line)
        addPhi(figures, &object, &line)
        object.add("breathing_rate", figures.phi.breathingRate, to: &line)
        object.add("breathing_phase", figures.phi.breathingPhase, to: &line)
        object.end(&line)
    }

    private static func addPhi(_ figures: StateFigures, _ object: inout LineObject, _ line: inout [UInt8]) {
        object.add("phi_phase", figures.phi.phase, to: &line)
        object.add("phi_depth", figures.phi.depth, to: &line)
        object.add("phi_breathing", figures.phi.breathing(at: figures.time), to: &line)
        object.add("phi_frequency", figures.phi.frequency, to: &line)
        object.add("phi_mode", figures.phi.mode.name, to: &line)
        object.add("phi_source", figures.phi.mode.name, to: &line)
    }

    private static func addChannels(_ figures: StateFigures, _ object: inout LineObject, _ line: inout [UInt8]) {
        object.addKey("channel_metrics", to: &line)
        line.append(UInt8(ascii: "["))
        for k in figures.channels.indices {
            if k > 0 { line.append(UInt8(ascii: ",")) }
            let channel = figures.channels[k]
            var entry = LineObject(&line)
            entry.add("channel", UInt64(k), to: &line)
            entry.add("frequency", channel.frequency, to: &line)
            entry.add("amplitude", channel.amplitude, to: &line)
            entry.add("phase", channel.phase, to: &line)
            entry.add("enabled", channel.enabled, to: &line)
            entry.add("active", channel.audibleAmplitude > 0, to: &line)
            entry.end(&line)
        }
        line.append(UInt8(ascii: "]"))
    }

    private static func addCoupling(_ matrix: CouplingMatrix, _ object: inout LineObject, _ line: inout [UInt8]) {
        object.addKey("coupling", to: &line)
        for i in 0..<EngineState.channelCount {
            line.append(i == 0 ? UInt8(ascii: "[") : UInt8(ascii: ","))
            for j in 0..<EngineState.channelCount {
                line.append(j == 0 ? UInt8(ascii: "[") : UInt8(ascii: ","))
                LineObject.append(matrix[i, j], to: &line)
            }
            line.append(UInt8(ascii: "]"))
        }
        line.append(UInt8(ascii: "]"))
    }
}

/// A JSON object while it is written. Keys and texts are plain words.
private struct LineObject {
    private var isEmpty = true

    init(_ line: inout [UInt8]) { line.append(UInt8(ascii: "{")) }

    mutating func addKey(_ key: StaticString, to line: inout [UInt8]) {
        if !isEmpty { line.append(UInt8(ascii: ",")) }
        isEmpty = false
        line.append(UInt8(ascii: "\""))
        key.withUTF8Buffer { line.append(contentsOf: $0) }
        line.append(UInt8(ascii: "\""))
        line.append(UInt8(ascii: ":"))
    }

    mutating func add(_ key: StaticString, _ value: Double, to line: inout [UInt8]) {
        addKey(key, to: &line)
        Self.append(value, to: &line)
    }

    mutating func add(_ key: StaticString, _ value: UInt64, to line: inout [UInt8]) {
        addKey(key, to: &line)
        line.append(contentsOf: value.description.utf8)
    }

    mutating func add(_ key: StaticString, _ value: Bool, to line: inout [UInt8]) {
        addKey(key, to: &line)
        line.append(contentsOf: (value ? "true" : "false").utf8)
    }

    mutating func add(_ key: StaticString, _ word: String, to line: inout [UInt8]) {
        addKey(key, to: &line)
        line.append(UInt8(ascii: "\""))
        line.append(contentsOf: word.utf8)
        line.append(UInt8(ascii: "\""))
    }

    func end(_ line: inout [UInt8]) { line.append(UInt8(ascii: "}")) }

    /// With at most six decimals; what is no number in JSON is null.
    static func append(_ value: Double, to line: inout [UInt8]) {
        guard value.isFinite else { return line.append(contentsOf: "null".utf8) }
        let scaled = (abs(value) * 1e6).rounded()
        guard scaled < 9e18 else { return line.append(contentsOf: value.description.utf8) }
        let number = UInt64(scaled)
        let (whole, part) = number.quotientAndRemainder(dividingBy: 1_000_000)
        if value < 0, number > 0 { line.append(UInt8(ascii: "-")) }
        line.append(contentsOf: whole.description.utf8)
        guard part > 0 else { return }
        line.append(UInt8(ascii: "."))
        var rest = part, unit: UInt64 = 100_000
        while rest > 0 {
            line.append(UInt8(ascii: "0") + UInt8(rest / unit))
            rest %= unit
            unit /= 10
        }
    }
}
