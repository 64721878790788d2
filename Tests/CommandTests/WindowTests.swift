import Foundation
import ProgramHarness
import Testing

/// The window, on a virtual display.
@Suite("Window", .serialized)
struct WindowTests {
    private func withDisplay(_ body: (String) async throws -> Void) async throws {
        let server = try ChildProcess(
            try Programs.find(["Xvfb"], advice: "Xvfb is missing: install it with “apt-get install xvfb”."),
            ["-displayfd", "1", "-screen", "0", "1280x720x24", "-nolisten", "tcp"])
        do {
            let number = try await server.captured(/(\d+)\n/, within: .seconds(10))
            try await body(":\(number)")
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    private func screenshot(_ display: String) async throws -> PNGPicture {
        let importer = try Programs.find(
            ["import"], advice: "ImageMagick is missing: install it with “apt-get install imagemagick”.")
        let outcome = try await ChildProcess(importer, ["-display", display, "-window", "root", "png:-"])
            .finished(within: .seconds(20))
        return try PNGPicture(outcome.output)
    }

    @Test("shows the frame that is streamed", arguments: ["spectral", "topology"])
    func sameFrame(scene: String) async throws {
        try await withDisplay { display in
            try await withProgram { program in
                // Slow, so that pictures of neighbouring moments differ little.
                let channels = (0..<8).map { #"{"frequency": \#(0.002 * Double($0 + 1))}"# }.joined(separator: ", ")
                let slow = program.path("slow.json")
                try Data(
                    #"{"name": "slow", "phi": {"frequency": 0.01}, "coupling_strength": 0, "channels": [\#(channels)]}"#
                        .utf8
                ).write(to: URL(filePath: slow))
                let (server, url) = try await program.serve(
                    [
                        "--window", "--fullscreen", "--size", "1280x720", "--scene", scene, "--fps", "30", "--preset",
                        slow,
                    ],
                    environment: [
                        "DISPLAY": display, "SDL_VIDEODRIVER": "x11",
                        // The layer prints what it has to say.
                        "VK_INSTANCE_LAYERS": "VK_LAYER_KHRONOS_validation",
                    ])
                try await Task.sleep(for: .seconds(1))
                var best = 1.0
                for _ in 0..<6 where best > 0.01 {
                    async let before = LoopbackHTTP.request("GET", url.appending(path: "snapshot.png"))
                    let window = try await screenshot(display)
                    let after = try await LoopbackHTTP.request("GET", url.appending(path: "snapshot.png"))
                    for answer in [try await before, after] {
                        best = min(best, window.shareOfOtherPixels(try PNGPicture(answer.body)))
                    }
                }
                // A hand or a number may have moved all the same.
                #expect(best <= 0.01, "\(best * 100) % of the pixels differ")

                // Another scene is another picture, so that the comparison means something.
                let other = try await program.run(
                    ["snapshot", "--output", "-", "--scene", "waveform", "--time", "1"])
                #expect(try await screenshot(display).shareOfOtherPixels(try PNGPicture(other.output)) > 0.05)
                let outcome = try #require(await server.stop(within: .seconds(5)))
                #expect(outcome.status == 0, "\(outcome.errors)")
                #expect(!(outcome.text + outcome.errors).contains("VUID"), "\(outcome.text) \(outcome.errors)")
            }
        }
    }

    @Test("headless needs no display and opens none")
    func headless() async throws {
        try await withProgram { program in
            let (server, url) = try await program.serve(
                ["--size", "320x180"],
                environment: ["DISPLAY": "", "WAYLAND_DISPLAY": "", "XDG_RUNTIME_DIR": "", "SDL_VIDEODRIVER": ""])
            #expect(try await LoopbackHTTP.request("GET", url.appending(path: "snapshot.png")).status == 200)
            await server.stop()
        }
    }
}
