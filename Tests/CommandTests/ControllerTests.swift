import Foundation
import Glibc
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
            // It knows no tokens, so only this machine reaches it unless told otherwise.
            let port = try await server.captured(
                /host=127\.0\.0\.1 port=(\d+) \[ControlInput\] Listening for OSC/, inErrors: true, within: .seconds(10))
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

    /// Events of ALSA's sequencer as the FIFO takes them.
    private enum Event {
        static func controller(_ number: UInt8, _ value: UInt8) -> [UInt8] { [10, number, 0, value] }
        static func pitchBend(_ value: Int16) -> [UInt8] {
            [13, 0, UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
        }
        static func noteOn(_ note: UInt8, _ velocity: UInt8) -> [UInt8] { [6, note, 0, velocity] }
    }

    @Test("MIDI from a controller moves Φ and changes the scene of a running server")
    func midi() async throws {
        try await withProgram { program in
            let fifo = program.path("events")
            try #require(mkfifo(fifo, 0o600) == 0)
            let environment = [
                "LD_PRELOAD": try await PreloadedLibrary.build("FakeSequencer/sequencer.c", in: program),
                "FAKE_SEQUENCER": fifo,
            ]
            let stranger = try await program.run(
                ["serve", "--port", "0", "--size", "64x64", "--midi", "Theremin"], environment: environment)
            #expect(
                stranger.status == 69 && stranger.errors.contains("there is no controller 'Theremin'"), "\(stranger)")

            let (server, url) = try await program.serve(
                ["--size", "64x64", "--midi", "Keys"], environment: environment)
            _ = try await server.captured(/port=(128:3) \[ControlInput\]/, inErrors: true, within: .seconds(10))
            func json(_ path: String) async throws -> [String: Any] {
                let answer = try await LoopbackHTTP.request("GET", url.appending(path: path))
                return try JSONSerialization.jsonObject(with: answer.body) as? [String: Any] ?? [:]
            }
            let controller = try #require(FileHandle(forWritingAtPath: fifo))
            // A note that no scene has and a controller that means nothing, before those that count.
            for event in [
                Event.noteOn(59, 100), Event.controller(7, 9), Event.controller(1, 127), Event.pitchBend(-4_096),
                Event.noteOn(62, 100), Event.noteOn(60, 0),
            ] { try controller.write(contentsOf: Data(event)) }
            let follows = try await poll(within: .seconds(10)) {
                let phi = try await json("api/phi")
                let depth = phi["depth"] as? Double ?? 0, phase = phi["phase"] as? Double ?? 0
                return abs(depth - 1.618) < 0.01 && abs(phase - 1.5 * .pi) < 0.05 ? true : nil
            }
            #expect(follows == true)
            #expect(try await json("api/phi")["source"] as? String == "midi")
            // The third of the octave.
            #expect(try await json("api/status")["scene"] as? String == "topology")
            #expect(try #require(await server.stop()).status == 0)
        }
    }
}
