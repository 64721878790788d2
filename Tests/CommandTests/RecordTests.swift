import Foundation
import Glibc
import ProgramHarness
import Testing

@Suite("serve that records", .serialized)
struct RecordTests {
    private func json(_ url: URL, _ path: String, method: String = "GET") async throws -> [String: Any] {
        let answer = try await LoopbackHTTP.request(method, url.appending(path: path))
        #expect(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
        return try #require(try JSONSerialization.jsonObject(with: answer.body) as? [String: Any])
    }

    /// Waits until so many seconds are recorded.
    private func recorded(_ seconds: Double, _ url: URL) async throws -> Double {
        let duration = try await poll(within: .seconds(30)) {
            let status = try await json(url, "api/recorder/status")
            let duration = try #require(status["duration"] as? Double)
            return duration >= seconds ? duration : nil
        }
        return try #require(duration)
    }

    private func sessionFolder(_ program: PhiMatrixProgram) throws -> String {
        let sessions = program.path("data/sessions")
        let id = try #require(try FileManager.default.contentsOfDirectory(atPath: sessions).first)
        return "\(sessions)/\(id)"
    }

    @Test("what a killed program leaves opens, whole to the last second")
    func killed() async throws {
        try await withProgram { program in
            let (server, url) = try await program.serve(["--size", "320x180", "--record"])
            let duration = try await recorded(3, url)
            await server.stop(signal: SIGKILL)
            let folder = try sessionFolder(program)
            let probe = try await MediaProbe("\(folder)/frames.mp4")
            // It went on for a moment after it was asked.
            #expect(probe.duration > duration - 1 && probe.duration < duration + 5, "\(probe) of \(duration)")
            #expect(abs(probe.duration - Double(probe.frames) / probe.rate) < 0.1)
            #expect(probe.rate > 20 && probe.rate < 61)
            #expect(probe.colors == ["tv", "bt709", "bt709", "bt709"])
            #expect(probe.width == 320 && probe.height == 180)
            let text = try Data(contentsOf: URL(filePath: "\(folder)/session.json"))
            let session = try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any])
            #expect(session["end"] == nil)
            // The streams go to within about a second of the video's end, by the clock that both have.
            let video = try #require((session["videos"] as? [[String: Any]])?.first?["start"] as? Double)
            let times = try String(contentsOfFile: "\(folder)/metrics.jsonl", encoding: .utf8)
                .matches(of: /(?m)^\{"t":(-?[\d.]+),.*\}$/).compactMap { Double($0.1) }
            #expect(times == times.sorted())
            let last = try #require(times.last)
            #expect(abs(video + probe.duration - last) < 3, "\(video) + \(probe.duration), \(last)")
            #expect(times.count > 60)
            let noted = try #require(session["duration"] as? Double)
            #expect(noted > duration - 2, "\(noted) of \(duration)")
            // The next run lists it, and knows that it is over.
            let (next, address) = try await program.serve(["--size", "64x64"])
            let list = try await json(address, "api/record/sessions")
            let first = try #require((list["sessions"] as? [[String: Any]])?.first)
            #expect(first["is_recording"] as? Bool == false && first["engine"] as? String == "synthetic")
            await next.stop()
        }
    }

    @Test("starts and stops on demand; SIGTERM makes the files whole")
    func onDemand() async throws {
        try await withProgram { program in
            let (server, url) = try await program.serve(["--size", "320x180", "--scene", "matrix"])
            #expect(try await json(url, "api/recorder/status")["is_recording"] as? Bool == false)
            let started = try await json(url, "api/recorder/start", method: "POST")
            let id = try #require(started["session_id"] as? String)
            _ = try await recorded(1, url)
            let stopped = try await json(url, "api/recorder/stop", method: "POST")
            #expect(stopped["is_recording"] as? Bool == false)
            let session = try await json(url, "api/recorder/sessions/\(id)")
            #expect(session["scene"] as? String == "matrix" && session["size"] as? String == "320x180")
            let frames = try #require(session["frames"] as? Int)
            #expect(try await MediaProbe(program.path("data/sessions/\(id)/frames.mp4")).frames == frames)

            let second = try await json(url, "api/record/start", method: "POST")
            let other = try #require(second["session_id"] as? String)
            _ = try await recorded(1, url)
            let outcome = try #require(await server.stop(within: .seconds(8)))
            #expect(outcome.status == 0)
            let file = program.path("data/sessions/\(other)/session.json")
            let text = try Data(contentsOf: URL(filePath: file))
            let whole = try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any])
            #expect(whole["end"] is String)
            let probe = try await MediaProbe(program.path("data/sessions/\(other)/frames.mp4"))
            #expect(probe.frames == whole["frames"] as? Int)
        }
    }

    @Test("a disk that takes no more ends the recording with a sentence; what is there is kept, and the server goes on")
    func full() async throws {
        try await withProgram { program in
            // No file of this program may be longer than 200 KiB; the signal for it is ignored, so that writing fails.
            let binary = try Programs.phiMatrix().path
            let shell = try ChildProcess(
                URL(filePath: "/bin/bash"),
                [
                    "-c", "trap '' XFSZ; ulimit -f 200; exec \"$0\" \"$@\"", binary, "serve", "--port", "0", "--size",
                    "640x360", "--record",
                ], environment: ["SOUNDLAB_DATA_DIR": program.path("data")])
            let text = try await shell.captured(/(http:\/\/[^\s]+\/)\n/, within: .seconds(20))
            let url = try #require(URL(string: text))
            let reason = try await poll(within: .seconds(30)) {
                try await json(url, "api/recorder/status")["reason"] as? String
            }
            #expect(reason?.contains("too large") == true, "\(reason ?? "")")
            let status = try await json(url, "api/status")
            #expect(status["is_recording"] as? Bool == false)
            #expect(try await LoopbackHTTP.request("GET", url.appending(path: "readyz")).status == 200)
            let probe = try await MediaProbe("\(try sessionFolder(program))/frames.mp4")
            #expect(probe.frames > 20)
            let outcome = try #require(await shell.stop())
            #expect(outcome.status == 0)
            #expect(
                outcome.errors.components(separatedBy: "The recording has stopped: ").count == 2, "\(outcome.errors)")
        }
    }
}
