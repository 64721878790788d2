import FoundationEssentials

/// Why a document holds no engine state. The description is the end of a sentence that names the document.
public struct StateDocumentError: Error, Equatable, CustomStringConvertible {
    /// The field that is wrong, such as "channels[3].amplitude"; nil where the whole document is.
    public let field: String?
    /// What is wrong with it.
    public let reason: String

    public init(field: String?, reason: String) {
        self.field = field
        self.reason = reason
    }

    public var description: String { field.map { "\($0) \(reason)" } ?? reason }
}

/// An engine state as JSON, with the names of domain §1. Written with every digit that the numbers have, so that what is read
/// back is bit for bit what was written.
public struct StateDocument: Codable, Sendable {
    /// One channel.
    public struct Channel: Codable, Sendable {
        var frequency: Double?
        var amplitude: Double?
        var phase: Double?
        var enabled: Bool?
    }

    private var timestamp: Double?
    private var frameId: UInt64?
    private var time: Double?
    private var channels: [Channel]?
    private var waveforms: [[Float]]?
    private var phiMode: String?
    private var phiPhase: Double?
    private var phiDepth: Double?
    private var phiFrequency: Double?
    private var breathingRate: Double?
    private var breathingPhase: Double?
    private var coupling: [[Double]]?
    private var couplingStrength: Double?
    private var ici: Double?
    private var phaseCoherence: Double?
    private var coherence: Double?
    private var criticality: Double?
    private var spectralCentroid: Double?
    private var nyquist: Double?
    private var state: String?
    private var valid: Bool?

    /// The document of a state.
    public init(_ state: borrowing EngineState) {
        timestamp = state.timestamp
        frameId = state.frameID
        time = state.time
        let ofChannels = state.channels, couplings = state.coupling
        channels = ofChannels.indices.map { k in
            let channel = ofChannels[k]
            return Channel(
                frequency: channel.frequency, amplitude: channel.amplitude, phase: channel.phase,
                enabled: channel.enabled)
        }
        waveforms = state.waveforms.withSamples { samples in
            (0..<EngineState.channelCount).map { k in
                Array(samples[k * Waveforms.length..<(k + 1) * Waveforms.length])
            }
        }
        phiMode = state.phi.mode.name
        phiPhase = state.phi.phase
        phiDepth = state.phi.depth
        phiFrequency = state.phi.frequency
        breathingRate = state.phi.breathingRate
        breathingPhase = state.phi.breathingPhase
        coupling = (0..<EngineState.channelCount).map { i in
            (0..<EngineState.channelCount).map { j in couplings[i, j] }
        }
        couplingStrength = state.couplingStrength
        ici = state.ici
        phaseCoherence = state.coherence
        criticality = state.criticality
        spectralCentroid = state.spectralCentroid
        nyquist = state.nyquist
        self.state = state.label.name
        valid = state.valid
    }

    /// Reads a document. Unknown fields are passed over.
    public init(json: Data) throws(StateDocumentError) {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do { self = try decoder.decode(Self.self, from: json) } catch {
            throw Self.explain(error)
        }
    }

    /// What a decoder's error is, for people.
    static func explain(_ error: any Error) -> StateDocumentError {
        func path(_ context: DecodingError.Context) -> String? {
            let path = context.codingPath.reduce(into: "") { text, key in
                if let index = key.intValue {
                    text += "[\(index)]"
                } else {
                    text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
                }
            }
            return path.isEmpty ? nil : path
        }
        return switch error {
        case let error as StateDocumentError: error
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            StateDocumentError(field: path(context), reason: "is of the wrong type")
        case DecodingError.dataCorrupted(let context) where path(context) != nil:
            StateDocumentError(field: path(context), reason: "is no number that can be used")
        default: StateDocumentError(field: nil, reason: "is no valid JSON")
        }
    }

    /// The document as JSON.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys]
        return try encoder.encode(self)
    }

    /// The state, with the default of domain §1 for what is missing. Values are as written: see `StateSanitizer`.
    public func makeState() throws(StateDocumentError) -> EngineState {
        var result = EngineState()
        if let channels {
            try Self.check(channels.count, "channels")
            for (k, channel) in channels.enumerated() {
                result.channels[k].frequency = channel.frequency ?? result.channels[k].frequency
                result.channels[k].amplitude = channel.amplitude ?? result.channels[k].amplitude
                result.channels[k].phase = channel.phase ?? result.channels[k].phase
                result.channels[k].enabled = channel.enabled ?? result.channels[k].enabled
            }
        }
        try fillWaveforms(&result)
        if let coupling {
            try Self.check(coupling.count, "coupling")
            for (i, row) in coupling.enumerated() {
                try Self.check(row.count, "coupling[\(i)]")
                for j in (i + 1)..<EngineState.channelCount { result.coupling[i, j] = row[j] }
            }
        }
        if let phiMode {
            guard let mode = PhiMode.allCases.first(where: { $0.name == phiMode }) else {
                throw StateDocumentError(field: "phi_mode", reason: "is none of manual, audio, midi, sensor, internal")
            }
            result.phi.mode = mode
        }
        if let state {
            guard let label = StateLabel.allCases.first(where: { $0.name == state }) else {
                throw StateDocumentError(field: "state", reason: "is no label of a state")
            }
            result.label = label
        }
        result.timestamp = timestamp ?? result.timestamp
        result.frameID = frameId ?? result.frameID
        result.time = time ?? result.time
        result.phi.phase = phiPhase ?? result.phi.phase
        result.phi.depth = phiDepth ?? result.phi.depth
        result.phi.frequency = phiFrequency ?? result.phi.frequency
        result.phi.breathingRate = breathingRate ?? result.phi.breathingRate
        result.phi.breathingPhase = breathingPhase ?? result.phi.breathingPhase
        result.couplingStrength = couplingStrength ?? result.couplingStrength
        result.ici = ici ?? result.ici
        result.coherence = phaseCoherence ?? coherence ?? result.coherence
        result.criticality = criticality ?? result.criticality
        result.spectralCentroid = spectralCentroid ?? result.spectralCentroid
        result.nyquist = nyquist ?? result.nyquist
        result.valid = valid ?? result.valid
        return result
    }

    private func fillWaveforms(_ state: inout EngineState) throws(StateDocumentError) {
        guard let waveforms else { return }
        try Self.check(waveforms.count, "waveforms")
        for (k, lane) in waveforms.enumerated() {
            guard lane.count == Waveforms.length else {
                throw StateDocumentError(
                    field: "waveforms[\(k)]", reason: "has \(lane.count) samples; give \(Waveforms.length)")
            }
            state.waveforms.withLane(k) { target in for n in target.indices { target[n] = lane[n] } }
        }
    }

    private static func check(_ count: Int, _ field: String) throws(StateDocumentError) {
        guard count == EngineState.channelCount else {
            throw StateDocumentError(field: field, reason: "has \(count) entries; give \(EngineState.channelCount)")
        }
    }
}
