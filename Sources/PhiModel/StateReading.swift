public import FoundationEssentials

/// A sample of engine state that came as JSON from outside, of which fields may be missing. Understood are the names of
/// domain §1 and of contract §4.1, and those of earlier servers: `coherence` for `phase_coherence`, `channel_metrics` for
/// `channels`, and plain arrays of eight numbers (`frequencies`, `amplitudes`, `phases`, also within `channel_metrics`).
public struct StateReading: Sendable {
    /// What can be missing.
    public struct Fields: OptionSet, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        public static let frequencies = Fields(rawValue: 1 << 0)
        public static let amplitudes = Fields(rawValue: 1 << 1)
        public static let phases = Fields(rawValue: 1 << 2)
        public static let waveforms = Fields(rawValue: 1 << 3)
        public static let coupling = Fields(rawValue: 1 << 4)
        public static let ici = Fields(rawValue: 1 << 5)
        public static let coherence = Fields(rawValue: 1 << 6)
        public static let criticality = Fields(rawValue: 1 << 7)
        public static let centroid = Fields(rawValue: 1 << 8)
        public static let label = Fields(rawValue: 1 << 9)
        public static let phiPhase = Fields(rawValue: 1 << 10)
        public static let phiDepth = Fields(rawValue: 1 << 11)
        public static let timestamp = Fields(rawValue: 1 << 12)
        public static let time = Fields(rawValue: 1 << 13)
        public static let frameID = Fields(rawValue: 1 << 14)
        public static let breathing = Fields(rawValue: 1 << 15)
    }

    /// What was given, and the default of domain §1 for the rest. Values are as written: see `StateSanitizer`.
    public internal(set) var state = EngineState()
    /// What was given.
    public internal(set) var given: Fields = []
    /// `t`: seconds since a session began; nil where it is missing.
    public internal(set) var sessionTime: Double?
    /// Whether the sender's time stands still; nil where it does not say.
    public internal(set) var isPaused: Bool?
    /// Words that mean nothing here, as the end of a sentence; nil where there are none.
    public internal(set) var unknownWord: StateDocumentError?

    /// Adds a depth or phase of Φ that came another way, where there is none.
    public mutating func supply(phiDepth: Double?, phiPhase: Double?) {
        if let phiDepth, !given.contains(.phiDepth) {
            state.phi.depth = phiDepth
            given.insert(.phiDepth)
        }
        if let phiPhase, !given.contains(.phiPhase) {
            state.phi.phase = phiPhase
            given.insert(.phiPhase)
        }
    }

    /// Reads a message. Unknown fields are passed over.
    public init(json: Data) throws(StateDocumentError) {
        do { self = try JSONDecoder().decode(Self.self, from: json) } catch {
            throw StateDocument.explain(error)
        }
    }
}

extension StateReading: Decodable {
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: StateField.self)
        try readScalars(fields)
        try readPhi(fields)
        try readChannels(fields)
        try readCoupling(fields)
        try readWaveforms(fields)
    }

    private mutating func take(
        _ value: Double?, _ field: Fields?, _ target: WritableKeyPath<EngineState, Double>
    ) {
        guard let value else { return }
        state[keyPath: target] = value
        if let field { given.insert(field) }
    }

    private mutating func readScalars(_ fields: KeyedDecodingContainer<StateField>) throws {
        take(try fields.number("timestamp"), .timestamp, \.timestamp)
        take(try fields.number("time"), .time, \.time)
        if let number = try fields.number("frame_id", "frameId"), number >= 0 {
            state.frameID = UInt64(min(number, 9e15))
            given.insert(.frameID)
        }
        take(try fields.number("ici"), .ici, \.ici)
        take(try fields.number("phase_coherence", "coherence"), .coherence, \.coherence)
        take(try fields.number("criticality"), .criticality, \.criticality)
        take(try fields.number("spectral_centroid", "centroid"), .centroid, \.spectralCentroid)
        take(try fields.number("nyquist"), nil, \.nyquist)
        take(try fields.number("coupling_strength"), nil, \.couplingStrength)
        sessionTime = try fields.number("t")
        state.valid = try fields.value(Bool.self, "valid") ?? true
        isPaused = try fields.value(Bool.self, "is_paused", "paused")
        if let playing = try fields.value(Bool.self, "is_playing") { isPaused = !playing }
        guard let word = try? fields.value(String.self, "state") else { return }
        if let label = StateLabel.allCases.first(where: { $0.name == word.uppercased() }) {
            state.label = label
            given.insert(.label)
        } else {
            unknownWord = StateDocumentError(field: "state", reason: "is no label of a state")
        }
    }

    private mutating func readPhi(_ fields: KeyedDecodingContainer<StateField>) throws {
        take(try fields.number("phi_phase"), .phiPhase, \.phi.phase)
        take(try fields.number("phi_depth"), .phiDepth, \.phi.depth)
        take(try fields.number("phi_frequency"), nil, \.phi.frequency)
        take(try fields.number("breathing_rate"), .breathing, \.phi.breathingRate)
        take(try fields.number("breathing_phase"), .breathing, \.phi.breathingPhase)
        guard let word = try fields.value(String.self, "phi_mode", "phi_source") else { return }
        if let mode = PhiMode.allCases.first(where: { $0.name == word.lowercased() }) {
            state.phi.mode = mode
        } else {
            unknownWord = StateDocumentError(
                field: "phi_mode", reason: "is none of manual, audio, midi, sensor, internal")
        }
    }

    private mutating func readChannels(_ fields: KeyedDecodingContainer<StateField>) throws {
        for name in ["channels", "channel_metrics"] where try fields.has(name) {
            let key = StateField(name)
            if let nested = try? fields.nestedContainer(keyedBy: StateField.self, forKey: key) {
                try readArrays(nested, within: name)
            } else {
                try read(try fields.decode([ChannelReading].self, forKey: key), name)
            }
        }
        try readArrays(fields, within: nil)
    }

    private mutating func read(_ channels: [ChannelReading], _ name: String) throws {
        try Self.check(channels.count, name)
        for (place, channel) in channels.enumerated() {
            // A channel's own number counts where it has one.
            let k = channel.channel.map { Int($0.clamped(to: -1...1_000)) } ?? place
            guard state.channels.indices.contains(k) else {
                throw StateDocumentError(field: "\(name)[\(place)].channel", reason: "is no number from 0 to 7")
            }
            if let value = channel.frequency { state.channels[k].frequency = value }
            if let value = channel.amplitude { state.channels[k].amplitude = value }
            if let value = channel.phase { state.channels[k].phase = value }
            // A channel that is silent counts as not active, and is not muted for that.
            let isMuted = channel.enabled.map { !$0 } ?? (channel.active == false && channel.amplitude ?? 0 > 0)
            state.channels[k].enabled = !isMuted
        }
        if channels.allSatisfy({ $0.frequency != nil }) { given.insert(.frequencies) }
        if channels.allSatisfy({ $0.amplitude != nil }) { given.insert(.amplitudes) }
        if channels.allSatisfy({ $0.phase != nil }) { given.insert(.phases) }
    }

    private mutating func readArrays(_ fields: KeyedDecodingContainer<StateField>, within name: String?) throws {
        func eight(_ names: String...) throws -> [Double]? {
            for key in names where try fields.has(key) {
                let values = try fields.decode([Double].self, forKey: StateField(key))
                try Self.check(values.count, name.map { "\($0).\(key)" } ?? key)
                return values
            }
            return nil
        }
        if let values = try eight("frequencies", "frequency", "channel_frequencies") {
            for (k, value) in values.enumerated() { state.channels[k].frequency = value }
            given.insert(.frequencies)
        }
        if let values = try eight("amplitudes", "amplitude", "channel_amplitudes") {
            for (k, value) in values.enumerated() { state.channels[k].amplitude = value }
            given.insert(.amplitudes)
        }
        if let values = try eight("phases", "phase", "channel_phases") {
            for (k, value) in values.enumerated() { state.channels[k].phase = value }
            given.insert(.phases)
        }
    }

    private mutating func readCoupling(_ fields: KeyedDecodingContainer<StateField>) throws {
        for name in ["coupling", "coupling_matrix"] where try fields.has(name) {
            let rows = try fields.decode([[Double]].self, forKey: StateField(name))
            try Self.check(rows.count, name)
            for (i, row) in rows.enumerated() {
                try Self.check(row.count, "\(name)[\(i)]")
                for j in (i + 1)..<max(i + 1, EngineState.channelCount) { state.coupling[i, j] = row[j] }
            }
            given.insert(.coupling)
            return
        }
    }

    private mutating func readWaveforms(_ fields: KeyedDecodingContainer<StateField>) throws {
        guard try fields.has("waveforms") else { return }
        let lanes = try fields.decode([[Float]].self, forKey: StateField("waveforms"))
        try Self.check(lanes.count, "waveforms")
        for (k, lane) in lanes.enumerated() {
            guard lane.count == Waveforms.length else {
                throw StateDocumentError(
                    field: "waveforms[\(k)]", reason: "has \(lane.count) samples; give \(Waveforms.length)")
            }
            state.waveforms.withLane(k) { target in for n in target.indices { target[n] = lane[n] } }
        }
        given.insert(.waveforms)
    }

    private static func check(_ count: Int, _ field: String) throws(StateDocumentError) {
        guard count == EngineState.channelCount else {
            throw StateDocumentError(field: field, reason: "has \(count) entries; give \(EngineState.channelCount)")
        }
    }
}

/// A channel as one of several.
private struct ChannelReading: Decodable {
    let channel: Double?
    let frequency: Double?
    let amplitude: Double?
    let phase: Double?
    let enabled: Bool?
    let active: Bool?
}

/// A name as it stands in the message.
private struct StateField: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension KeyedDecodingContainer where Key == StateField {
    /// Whether there is a value other than null.
    fileprivate func has(_ name: String) throws -> Bool {
        let key = StateField(name)
        return contains(key) ? try !decodeNil(forKey: key) : false
    }

    /// The value of the first of the names that is there.
    fileprivate func value<T: Decodable>(_ type: T.Type, _ names: String...) throws -> T? {
        for name in names where try has(name) { return try decode(type, forKey: StateField(name)) }
        return nil
    }

    fileprivate func number(_ names: String...) throws -> Double? {
        for name in names where try has(name) { return try decode(Double.self, forKey: StateField(name)) }
        return nil
    }
}
