import Foundation
import ProgramHarness
import Testing

@Suite("controllers")
struct ControllerTests {
    /// Sends Φ's depth, a scene and a channel's amplitude by Open Sound Control.
    private static let sender = """
        import socket, struct, sys
        def pad(text):
            text = text.encode() + b"\\0"
            return text + b"\\0" * (-len(text) % 4)
        out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for packet in (pad("/phi/depth") + pad(",f") + struct.pack(">f", 1.25), pad("/scene") + pad(",s") + pad("field"),
                       b"no OSC"):
            out.sendto(packet, ("127.0.0.1", int(sys.argv[1])))
        """

    @Test("OSC over UDP moves Φ and changes the scene of a running server, and what is none disturbs nothing")
    func osc() async throws {
        try await withProgram { program in
            let server = try program.start(["serve", "--port", "0", "--size", "160x96", "--osc", "0"])
            let url = try await server.captured(/(http:\/\/[^\s]+\/)\n/, within: .seconds(20))
            let port = try await server.captured(/port=(\d+) \[ControlInput\]/, inErrors: true, within: .seconds(10))
            let python = try Programs.find(
                ["python3"], advice: "Python is missing: install it with “apt-get install python3”.")
            let sent = try await ChildProcess(python, ["-c", Self.sender, port]).finished(within: .seconds(20))
            #expect(sent.status == 0, "\(sent.errors)")
            let status = try #require(URL(string: url)).appending(path: "api/status")
            var scene: String?
            for _ in 0..<100 where scene != "field" {
                let answer = try await LoopbackHTTP.request("GET", status)
                scene = (try JSONSerialization.jsonObject(with: answer.body) as? [String: Any])?["scene"] as? String
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(scene == "field")
            let metrics = try #require(URL(string: url)).appending(path: "metrics")
            var isThere = false
            // Φ comes to where it is wanted within half a second.
            for _ in 0..<100 where !isThere {
                let answer = try await LoopbackHTTP.request("GET", metrics)
                isThere = String(decoding: answer.body, as: UTF8.self).contains("soundlab_phi_depth 1.25\n")
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(isThere)
            await server.stop()
        }
    }
}
