import Foundation
import PhiModel
import Testing

@Suite("An engine state as a JSON document")
struct StateDocumentTests {
    @Test("what is read back is bit for bit what was written")
    func roundTrip() throws {
        var state = EngineState()
        state.time = 12.345678901234567
        state.frameID = 987_654_321
        state.ici = 1.0 / 3
        state.phi.phase = .pi
        state.coupling[2, 5] = -0.1 / 3
        state.channels[3].enabled = false
        state.label = .hypersync
        for n in 0..<Waveforms.length { state.waveforms[4, n] = Float(n) / 511 * 0.7 - 0.35 }
        let read = try StateDocument(json: try StateDocument(state).json()).makeState()
        // Two documents are the same where every digit is.
        let isSame = try StateDocument(read).json() == StateDocument(state).json()
        #expect(isSame)
        #expect(read.time.bitPattern == state.time.bitPattern && read.ici.bitPattern == state.ici.bitPattern)
        #expect(read.coupling[5, 2].bitPattern == state.coupling[2, 5].bitPattern)
        #expect((0..<Waveforms.length).allSatisfy { read.waveforms[4, $0] == state.waveforms[4, $0] })
        #expect(!read.channels[3].enabled && read.label == .hypersync && read.frameID == 987_654_321)
    }

    @Test("what is missing takes its default, and what is unknown is passed over")
    func defaults() throws {
        let state = try StateDocument(json: Data(#"{"ici": 0.25, "coherence": 0.5, "colour": "blue"}"#.utf8))
            .makeState()
        #expect(state.ici == 0.25 && state.coherence == 0.5)
        #expect(state.channels[3] == EngineState().channels[3])
    }

    @Test(
        "what is wrong is told by field",
        arguments: [
            (#"{"channels": [{}, {}]}"#, "channels"), (#"{"coupling": [[0]]}"#, "coupling"),
            (#"{"ici": "high"}"#, "ici"), (#"{"phi_mode": "lunar"}"#, "phi_mode"), (#"{"state": "BORED"}"#, "state"),
            (#"{"waveforms": [[],[],[],[],[],[],[],[]]}"#, "waveforms[0]"), (#"{"ici":"#, "JSON"), ("[]", "type"),
        ])
    func mistakes(json: String, words: String) {
        #expect {
            _ = try StateDocument(json: Data(json.utf8)).makeState()
        } throws: { error in "\(error)".contains(words) }
    }
}
