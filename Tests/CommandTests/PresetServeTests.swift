import Foundation
import ProgramHarness
import Testing

@Suite("serve with presets", .serialized)
struct PresetServeTests {
    private typealias Color = [Int]

    private let url: URL

    /// What a request needs; made anew for each server.
    private init(_ url: URL) { self.url = url }

    init() { url = URL(filePath: "/") }

    private func status() async throws -> (preset: String?, scene: String?) {
        let answer = try await LoopbackHTTP.request("GET", url.appending(path: "api/status"))
        let status = try #require(try JSONSerialization.jsonObject(with: answer.body) as? [String: Any])
        return (status["preset_loaded"] as? String, status["scene"] as? String)
    }

    private func load(_ id: String) async throws -> LoopbackHTTP.Answer {
        try await LoopbackHTTP.request(
            "POST", url.appending(path: "api/preset/load"),
            body: Data(#"{"preset_id": "\#(id)", "transition_s": 0}"#.utf8))
    }

    /// The background as the newest frame shows it: the pixel in the upper left corner.
    private func corner() async throws -> Color {
        let answer = try await LoopbackHTTP.request("GET", url.appending(path: "snapshot.png"))
        #expect(answer.status == 200)
        return try PNGPicture(answer.body).pixels.prefix(3).map { Int($0) }
    }

    /// Whether the background becomes `wanted` within two seconds.
    private func shows(_ wanted: Color) async throws -> Bool {
        let seen = try await poll(within: .seconds(2)) { isClose(try await corner(), wanted) ? true : nil }
        return seen == true
    }

    private func isClose(_ a: Color, _ b: Color) -> Bool { zip(a, b).allSatisfy { abs($0 - $1) <= 6 } }

    @Test("takes on presets while it runs; one with an error leaves everything as it was, the picture too")
    func presets() async throws {
        try await withProgram { program in
            let folder = program.folder.appending(path: "data/presets")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for (name, scene, look) in [
                ("mine", "waveform", ##""background": ["#203040", "#143250"]"##),
                ("broken", "matrix", ##""background": ["#203040", "#502814"], "glow": 9"##),
            ] {
                try Data(#"{"name": "\#(name)", "scene": "\#(scene)", "look": {\#(look)}}"#.utf8)
                    .write(to: folder.appending(path: "\(name).json"))
            }
            let (server, address) = try await program.serve(["--size", "320x180", "--preset", "deep"])
            let test = PresetServeTests(address)
            #expect(try await test.status().preset == "deep")
            #expect(try await test.shows([0x07, 0x06, 0x12]))

            #expect(try await test.load("mine").status == 200)
            #expect(try await test.status() == ("mine", "waveform"))
            #expect(try await test.shows([0x14, 0x32, 0x50]))

            let refused = try await test.load("broken")
            #expect(refused.status == 422)
            let sentence = String(decoding: refused.body, as: UTF8.self)
            #expect(sentence.contains("broken.json") && sentence.contains("look.glow") && sentence.contains("0 … 2"))
            #expect(try await test.load("nowhere").status == 404)
            #expect(try await test.status() == ("mine", "waveform"))
            for _ in 0..<8 {
                let seen = try await test.corner()
                #expect(test.isClose(seen, [0x14, 0x32, 0x50]), "\(seen)")
                try await Task.sleep(for: .milliseconds(60))
            }
            #expect(try await test.load("deep").status == 200)
            #expect(try await test.shows([0x07, 0x06, 0x12]))
            await server.stop()
        }
    }
}
