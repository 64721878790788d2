import Foundation
import Glibc
import ProgramHarness
import Testing

@Suite("Recordings that are killed", .serialized)
struct RecordKillTests {
    /// What may be missing, s.
    private static let mostMissing = 1.0

    /// What the streams and the video lack of the time up to the kill, s.
    private struct Missing {
        var streams: Double
        var video: Double?
    }

    /// Records, kills the program at a moment that nobody has chosen, and looks at what is there.
    private func round(_ number: Int, _ program: PhiMatrixProgram) async throws -> Missing {
        let (server, _) = try await program.serve(["--size", "64x64", "--fps", "30", "--record"])
        try await Task.sleep(for: .milliseconds(Int.random(in: 300...2_400)))
        let killed = unixNow()
        await server.stop(signal: SIGKILL)
        let sessions = try FileManager.default.contentsOfDirectory(atPath: program.path("data/sessions"))
        #expect(sessions.count == number, "A session is lost.")
        let recording = try Recording(program)
        let session = try recording.description()
        let text = try #require(session["start"] as? String)
        let start = try Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        let last = try recording.lines("metrics.jsonl").last
        let end = last?["timestamp"] as? Double ?? start.timeIntervalSince1970
        var missing = Missing(streams: killed - end)
        if let video = (session["videos"] as? [[String: Any]])?.first?["start"] as? Double,
            let t = last?["t"] as? Double
        {
            let probe = try await MediaProbe(recording.folder + "/frames.mp4")
            missing.video = killed - (end - t) - (video + probe.duration)
        } else {
            // Nothing was made safe yet: it had only just begun.
            #expect(killed - start.timeIntervalSince1970 < 2)
        }
        return missing
    }

    @Test("killed again and again, no session is lost, and none lacks more than its last second")
    func rounds() async throws {
        try await withProgram { program in
            let count = Machine.isLong ? 100 : 5
            var streams: [Double] = [], videos: [Double] = []
            for n in 1...count {
                let missing = try await round(n, program)
                #expect(missing.streams < Self.mostMissing, "round \(n): \(missing)")
                #expect(missing.video ?? 0 < Self.mostMissing, "round \(n): \(missing)")
                streams.append(missing.streams)
                if let video = missing.video { videos.append(video) }
            }
            #expect(videos.count >= count / 2)
            let verify = try await program.run(["sessions", "verify", "--json"])
            #expect(verify.status == 0, "\(verify.text) \(verify.errors)")
            let rows = try JSONSerialization.jsonObject(with: verify.output) as? [[String: Any]]
            #expect(rows?.count == count)
            if Machine.isLong {
                print("killed \(count) times, \(rows?.count ?? 0) sessions are whole")
                print("missing of the streams, s: \(figures(streams)); of \(videos.count) videos: \(figures(videos))")
            }
        }
    }

    private func figures(_ values: [Double]) -> String {
        let sorted = values.sorted()
        guard let last = sorted.last else { return "none" }
        return String(format: "median %.3f, most %.3f", sorted[sorted.count / 2], last)
    }
}
