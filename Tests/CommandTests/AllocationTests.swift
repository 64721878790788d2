import Foundation
import ProgramHarness
import Testing

/// What the thread that draws allocates, counted by a library that is loaded before all others.
@Suite("Allocation", .serialized)
struct AllocationTests {
    @Test("frames of any scene, transitions, presets, figures, marks and quality allocate nothing, but for the driver")
    func allocatesNothing() async throws {
        try await withProgram { program in
            let report = program.path("report")
            let (server, url) = try await program.serve(
                // Large enough for small text and the numbers of the matrix.
                ["--size", "1280x720", "--hud", "--latency-mark"],
                environment: [
                    "LD_PRELOAD": try await PreloadedLibrary.build(
                        "AllocationCounter/allocations.c", in: program), "ALLOCATION_REPORT": report,
                ])
            func post(_ path: String, _ body: String) async throws {
                let answer = try await LoopbackHTTP.request("POST", url.appending(path: path), body: Data(body.utf8))
                #expect(answer.status == 200)
                try await Task.sleep(for: .milliseconds(700))
            }
            for (scene, style) in [
                ("breathing", "spiral"), ("topology", "dissolve"), ("waveform", "cross-fade"), ("matrix", "spiral"),
                ("field", "dissolve"), ("spectral", "cross-fade"),
            ] {
                try await post("api/scene", #"{"scene": "\#(scene)", "style": "\#(style)", "transition_s": 0.4}"#)
            }
            try await post("api/preset/load", #"{"preset_id": "peak"}"#)
            try await post("api/quality", #"{"quality": 2}"#)
            try await post("api/quality", #"{"quality": "auto"}"#)
            #expect(try await LoopbackHTTP.request("GET", url.appending(path: "snapshot.png")).status == 200)
            let outcome = try #require(await server.stop(within: .seconds(10)))
            #expect(outcome.status == 0, "\(outcome.errors)")

            let rows = try String(contentsOfFile: report, encoding: .utf8).split(separator: "\n")
                .map { $0.split(separator: " ") }
            let last = try #require(rows.compactMap { Int($0[0]) }.max())
            #expect(last >= 6)
            // The first second prepares the thread, the last one ends it.
            for row in rows where !row[1].contains("libvulkan") && row[0] != "0" && row[0] != "\(last)" {
                Issue.record("\(row[1]) allocated \(row[2]) times in second \(row[0])")
            }
            #expect(!rows.isEmpty, "nothing was counted")
        }
    }
}
