import Foundation
import ProgramHarness
import Testing

/// The wall clock of a machine is set while the server runs.
@Suite("a wall clock that jumps", .serialized)
struct ClockJumpTests {
    @Test("an hour forwards and back costs neither frames nor readiness, and a recording stays whole and in order")
    func jumps() async throws {
        try await withProgram { program in
            let shift = program.path("shift")
            func set(_ seconds: Int64) throws {
                // In place: the program has the file mapped.
                if !FileManager.default.fileExists(atPath: shift) {
                    FileManager.default.createFile(atPath: shift, contents: Data(count: 8))
                }
                let file = try #require(FileHandle(forWritingAtPath: shift))
                try file.write(contentsOf: withUnsafeBytes(of: seconds.littleEndian) { Data($0) })
                try file.close()
            }
            try set(0)
            let (server, url) = try await program.serve(
                ["--size", "160x96", "--fps", "30", "--record"],
                environment: [
                    "LD_PRELOAD": try await PreloadedLibrary.build("ClockShift/clock_shift.c", in: program),
                    "CLOCK_SHIFT": shift,
                ])
            func status() async throws -> [String: Any] {
                let answer = try await LoopbackHTTP.request("GET", url.appending(path: "api/status"))
                return try JSONSerialization.jsonObject(with: answer.body) as? [String: Any] ?? [:]
            }
            try await Task.sleep(for: .seconds(1.5))
            for seconds in [3_600, -3_600, 0] as [Int64] {
                let before = try await status()
                try set(seconds)
                for _ in 0..<8 {
                    try await Task.sleep(for: .milliseconds(250))
                    #expect(try await LoopbackHTTP.request("GET", url.appending(path: "readyz")).status == 200)
                }
                let after = try await status()
                let frames = (after["total_frames"] as? Int ?? 0) - (before["total_frames"] as? Int ?? 0)
                #expect((45...80).contains(frames), "\(frames) frames in 2 s at \(seconds)")
                let uptime = (after["uptime"] as? Double ?? 0) - (before["uptime"] as? Double ?? 0)
                #expect((1.9...4).contains(uptime), "\(uptime)")
                let health = try await LoopbackHTTP.request("GET", url.appending(path: "api/dashboard/sync-health"))
                let document = try JSONSerialization.jsonObject(with: health.body) as? [String: Any]
                #expect(document?["meets_sc004"] as? Bool == true, "\(document ?? [:])")
            }
            #expect(await server.stop()?.status == 0)

            let verify = try await program.run(["sessions", "verify", "latest"])
            #expect(verify.status == 0, "\(verify.text)\(verify.errors)")
            let sessions = program.path("data/sessions")
            let id = try #require(try FileManager.default.contentsOfDirectory(atPath: sessions).first)
            let lines = try String(contentsOfFile: "\(sessions)/\(id)/metrics.jsonl", encoding: .utf8)
                .split(separator: "\n")
            let times = lines.compactMap { $0.firstMatch(of: /"t":([0-9.]+)/).flatMap { Double($0.1) } }
            let stamps = lines.compactMap { $0.firstMatch(of: /"timestamp":([0-9.]+)/).flatMap { Double($0.1) } }
            #expect(times.count == lines.count && times.count > 600)
            #expect(zip(times, times.dropFirst()).allSatisfy { (0..<0.5).contains($1 - $0) })
            // The clock was really set: the stamps tell of it.
            #expect((stamps.max() ?? 0) - (stamps.min() ?? 0) > 7_000)
        }
    }
}
