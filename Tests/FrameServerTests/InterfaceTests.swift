import Foundation
import NIOCore
import PhiModel
import Testing

@testable import FrameServer

/// `/ws/ui`.
@Suite(.timeLimit(.minutes(1)))
struct InterfaceTests {
    private func set(_ fields: String) -> String { #"{"type":"set_param",\#(fields)}"# }

    @Test("The state comes on connect, and when it is asked for")
    func state() async throws {
        try await TestServer.run { server in
            let client = try await WebSocketClient.open(server, "/ws/ui")
            let data = try #require(try await client.text("state")["data"] as? [String: any Sendable])
            #expect(Set(data.keys) == ["channels", "phi", "global"])
            #expect((data["channels"] as? [[String: any Sendable]])?.count == 8)
            _ = try server.engine.setChannel(1, amplitude: 0.75, isEnabled: nil)
            try await client.send(#"{"type":"get_state"}"#)
            let parameters = try await client.text("state")["parameters"] as? [String: any Sendable]
            let channels = parameters?["channels"] as? [[String: any Sendable]]
            #expect(channels?[1]["amplitude"] as? Double == 0.75)
            try await client.send(#"{"type":"ping"}"#)
            _ = try await client.text("pong")
        }
    }

    @Test(
        "Every parameter can be set",
        arguments: [
            (#""param_type":"channel","channel":3,"param":"amplitude","value":0.33"#, "channels.amplitude"),
            (#""param_type":"channel","channel":3,"param":"enabled","value":false"#, "channels.enabled"),
            (#""param_type":"phi","param":"depth","value":1.25"#, "phi.depth"),
            (#""param_type":"phi","param":"source","value":"sensor""#, "phi.source"),
            (#""param_type":"global","param":"coupling_strength","value":1.5"#, "global.coupling_strength"),
            (#""param_type":"global","param":"paused","value":true"#, "global.paused"),
            (#""param_type":"global","param":"scene","value":"topology""#, "global.scene"),
            (#""param_type":"global","param":"quality","value":2"#, "global.quality"),
            (#""param_type":"global","param":"hud","value":true"#, "global.hud"),
            (#""param_type":"global","param":"phi_rotation","value":false"#, "global.phi_rotation"),
            (#""param_type":"global","param":"phi_breathing","value":false"#, "global.phi_breathing"),
            (#""param_type":"global","param":"frequency_scale","value":"linear""#, "global.frequency_scale"),
        ])
    func parameters(fields: String, place: String) async throws {
        try await TestServer.run { server in
            let client = try await WebSocketClient.open(server, "/ws/ui")
            let before = try await client.text("state")["data"] as? [String: any Sendable] ?? [:]
            try await client.send(set(fields))
            let answer = try await client.text("param_updated")
            #expect(answer["success"] as? Bool == true, "\(answer)")
            try await client.send(#"{"type":"get_state"}"#)
            let after = try await client.text("state")["data"] as? [String: any Sendable] ?? [:]
            func read(_ state: [String: any Sendable]) -> String {
                let path = place.split(separator: ".").map(String.init)
                let group =
                    path[0] == "channels"
                    ? (state["channels"] as? [[String: any Sendable]])?[3] : state[path[0]] as? [String: any Sendable]
                return group?[path[1]].map { "\($0)" } ?? "nothing"
            }
            #expect(read(before) != read(after), "\(place): \(read(after))")
            #expect(answer["value"].map { "\($0)" } == read(after))
        }
    }

    @Test(
        "A parameter that cannot be is answered with why",
        arguments: [
            #""param_type":"channel","channel":99,"param":"amplitude","value":1"#,
            #""param_type":"channel","param":"amplitude","value":1"#,
            #""param_type":"channel","channel":1,"param":"colour","value":1"#,
            #""param_type":"channel","channel":1,"param":"amplitude","value":"NaN""#,
            #""param_type":"channel","channel":1,"param":"amplitude""#,
            #""param_type":"phi","param":"depth","value":7"#, #""param_type":"phi","param":"depth","value":null"#,
            #""param_type":"global","param":"scene","value":"x""#,
            #""param_type":"global","param":"quality","value":9"#,
            #""param_type":"global","param":"frequency_scale","value":"mel""#,
            #""param_type":"x","param":"y","value":1"#,
            #""value":1"#,
        ])
    func mistakes(fields: String) async throws {
        try await TestServer.run { server in
            let client = try await WebSocketClient.open(server, "/ws/ui")
            let before = server.engine.controls
            try await client.send(set(fields))
            let answer = try await client.text("param_updated")
            #expect(answer["success"] as? Bool == false)
            #expect((answer["message"] as? String)?.hasSuffix(".") == true, "\(answer)")
            #expect(server.engine.controls == before && server.renderer.colorRule == ColorRule())
        }
    }

    @Test("Of many changes ten a second are told of, the newest of each at last, and all are done")
    func pacing() async throws {
        try await TestServer.run { server in
            let client = try await WebSocketClient.open(server, "/ws/ui")
            let clock = ContinuousClock()
            let begin = clock.now
            for n in 1...60 {
                let k = n % 2
                try await client.send(
                    set(#""param_type":"channel","channel":\#(k),"param":"amplitude","value":\#(Double(n) / 64)"#))
            }
            var told = 0
            var newest: [Int: Double] = [:]
            while newest[0] != 60.0 / 64 || newest[1] != 59.0 / 64 {
                let answer = try await client.text("param_updated")
                told += 1
                newest[answer["channel"] as? Int ?? -1] = answer["value"] as? Double
            }
            let passed = (clock.now - begin) / .seconds(1)
            #expect(Double(told) <= passed * 10 + 1.5, "\(told) in \(passed) s")
            let channels = server.engine.controls.channels
            #expect(channels[0].amplitude == 60.0 / 64 && channels[1].amplitude == 59.0 / 64)
        }
    }

    @Test("Paced replies: one an interval, the newest of each subject, none is lost")
    func paced() {
        var paced = PacedReplies<String, Int>(every: .milliseconds(100))
        let start = NIODeadline.now()
        func at(_ milliseconds: Int64) -> NIODeadline { start + .milliseconds(milliseconds) }
        #expect(paced.deadline == nil)
        #expect(paced.offer(1, about: "a", at: at(0)) == 1)
        #expect(paced.deadline == nil)
        #expect(paced.offer(2, about: "a", at: at(10)) == nil)
        #expect(paced.offer(3, about: "b", at: at(20)) == nil)
        #expect(paced.offer(4, about: "a", at: at(30)) == nil)
        #expect(paced.deadline == at(100) && paced.due(at: at(99)) == nil)
        #expect(paced.due(at: at(100)) == 4)
        #expect(paced.due(at: at(150)) == nil && paced.due(at: at(200)) == 3)
        #expect(paced.deadline == nil && paced.due(at: at(900)) == nil)
        #expect(paced.offer(5, about: "b", at: at(250)) == nil && paced.due(at: at(300)) == 5)
    }

    @Test("A preset is applied: one that is kept, one that is not, and one with something over it")
    func presets() async throws {
        try await TestServer.run { server in
            let client = try await WebSocketClient.open(server, "/ws/ui")
            func apply(_ fields: String) async throws -> Bool? {
                try await client.send(#"{"type":"apply_preset",\#(fields)}"#)
                return try await client.text("preset_applied")["success"] as? Bool
            }
            #expect(try await apply(#""preset_name":"loud""#) == true)
            #expect(server.presets.loaded == "loud")
            #expect(try await apply(#""preset_name":"loud","parameters":{"phi":{"phase":2}}"#) == true)
            #expect(server.presets.loaded == nil)
            #expect(server.presets.shown?.phi?.depth == 1.2 && server.presets.shown?.phi?.phase == 2)
            #expect(try await apply(#""preset_name":"mine","parameters":{"scene":"field"}"#) == true)
            #expect(server.presets.shown?.name == "mine" && server.presets.shown?.scene == "field")
            let shown = server.presets.shown
            for wrong in [
                #""preset_name":"quiet""#, #""preset_name":"broken""#, #""parameters":{"phi":{"depth":9}}"#,
                #""x":1"#, #""preset_name":"loud","parameters":{"phi":7}"#,
            ] { #expect(try await apply(wrong) == false, "\(wrong)") }
            #expect(server.presets.shown == shown)
        }
    }
}
