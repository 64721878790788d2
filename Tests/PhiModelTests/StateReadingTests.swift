import Foundation
import Testing

@testable import PhiModel

@Suite("States from outside")
struct StateReadingTests {
    private func read(_ json: String) throws -> StateReading { try StateReading(json: Data(json.utf8)) }

    private func refusal(_ json: String) -> String? {
        do throws(StateDocumentError) {
            _ = try StateReading(json: Data(json.utf8))
            return nil
        } catch { return "\(error)" }
    }

    @Test("the names of the contract, of the domain and of earlier servers mean the same")
    func aliases() throws {
        let plain = (0..<8).map { #"{"frequency": \#($0 + 1), "amplitude": 0.5, "phase": 0.25, "enabled": true}"# }
            .joined(separator: ",")
        let numbered = (0..<8).reversed().map {
            #"{"channel": \#($0), "frequency": \#($0 + 1), "amplitude": 0.5, "phase": 0.25, "active": true}"#
        }.joined(separator: ",")
        let arrays =
            #""frequencies": [1,2,3,4,5,6,7,8], "amplitudes": [0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5], "phases": [0.25,0.25,0.25,0.25,0.25,0.25,0.25,0.25]"#
        for body in [
            #""channels": [\#(plain)], "phase_coherence": 0.75"#,
            #""channel_metrics": [\#(numbered)], "coherence": 0.75"#,
            #""channel_metrics": {\#(arrays)}, "coherence": 0.75"#, #"\#(arrays), "coherence": 0.75"#,
        ] {
            let reading = try read("{\(body)}")
            #expect(reading.given == [.frequencies, .amplitudes, .phases, .coherence], "\(body)")
            #expect(reading.state.coherence == 0.75)
            for k in 0..<8 {
                let channel = reading.state.channels[k]
                #expect(channel.frequency == Double(k + 1) && channel.amplitude == 0.5 && channel.phase == 0.25)
                #expect(channel.enabled)
            }
        }
    }

    @Test("a channel is muted where it is disabled, or not active though it has an amplitude")
    func muted() throws {
        let rows = [
            #"{"amplitude": 0.5, "active": false}"#, #"{"amplitude": 0, "active": false}"#,
            #"{"amplitude": 0.5, "enabled": false, "active": true}"#, #"{"amplitude": 0.5}"#, "{}", "{}", "{}", "{}",
        ]
        let state = try read(#"{"channel_metrics": [\#(rows.joined(separator: ","))]}"#).state
        #expect((0..<4).map { state.channels[$0].enabled } == [false, true, false, true])
    }

    @Test("null and unknown fields are passed over; words without a meaning are told")
    func odd() throws {
        let reading = try read(#"{"ici": null, "weather": {"rain": [1, 2]}, "state": "awake", "phi_source": "MIDI"}"#)
        #expect(reading.given == [.label] && reading.state.phi.mode == .midi && reading.unknownWord == nil)
        #expect(try read(#"{"state": "DANCING"}"#).unknownWord?.field == "state")
        #expect(try read(#"{"phi_mode": "moon"}"#).unknownWord?.field == "phi_mode")
        #expect(try read(#"{"t": 2.5, "is_playing": false}"#).isPaused == true)
    }

    @Test("what is wrong is named")
    func wrong() {
        #expect(refusal("{") == "is no valid JSON")
        #expect(refusal("[]") != nil)
        #expect(refusal(#"{"ici": "NaN"}"#) == "ici is of the wrong type")
        #expect(refusal(#"{"ici": NaN}"#) == "is no valid JSON")
        #expect(refusal(#"{"channels": []}"#) == "channels has 0 entries; give 8")
        #expect(refusal(#"{"amplitudes": [0,0,0,0,0,0,0,0,0]}"#) == "amplitudes has 9 entries; give 8")
        #expect(refusal(#"{"coupling": [[0],[0],[0],[0],[0],[0],[0],[0]]}"#) == "coupling[0] has 1 entries; give 8")
        #expect(refusal(#"{"channels": [{},{},{},{},{},{},{},{"channel": 8}]}"#)?.contains("channels[7]") == true)
        #expect(
            refusal(#"{"channels": [{"phase": "x"},{},{},{},{},{},{},{}]}"#) == "channels[0].phase is of the wrong type"
        )
        #expect(refusal(String(repeating: "[", count: 100_000)) != nil)
    }
}
