import Foundation
import Glibc
import ProgramHarness
import Testing

@Suite("serve with outputs", .serialized)
struct OutputTests {
    private func outputs(_ url: URL) async throws -> [[String: Any]] {
        let answer = try await LoopbackHTTP.request("GET", url.appending(path: "api/status"))
        let status = try #require(try JSONSerialization.jsonObject(with: answer.body) as? [String: Any])
        return try #require(status["outputs"] as? [[String: Any]])
    }

    /// Waits until an output is in a state.
    private func become(_ state: String, _ url: URL) async throws -> [String: Any] {
        let output = try await poll(within: .seconds(30)) { () async throws -> Sample? in
            let output = try #require(try await outputs(url).first)
            return output["state"] as? String == state ? Sample(fields: output) : nil
        }
        return try #require(output, "not \(state)").fields
    }

    /// `@unchecked Sendable`: values of JSON, which nobody changes.
    private struct Sample: @unchecked Sendable { let fields: [String: Any] }

    /// A port that was free a moment ago.
    private func freePort(_ kind: __socket_type) throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(kind.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw Trouble("No port is free.") }
        return UInt16(bigEndian: address.sin_port)
    }

    @Test("a playlist plays while it is written, with even segments and the right colours; old segments go; it ends")
    func hls() async throws {
        try await withProgram { program in
            let folder = program.path("live")
            // What an earlier run left, and what is somebody else's.
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for name in ["segment-0000000001.ts", "notes.txt"] {
                try Data("old".utf8).write(to: URL(filePath: "\(folder)/\(name)"))
            }
            let (server, url) = try await program.serve(["--size", "320x180", "--output", "hls:\(folder)"])
            let playlist = "\(folder)/index.m3u8"
            func text() -> String { (try? String(contentsOfFile: playlist, encoding: .utf8)) ?? "" }
            let isThere = try await poll(within: .seconds(30)) { text().contains(".ts") ? true : nil }
            #expect(isThere == true)
            // A player that joins while it is live.
            let file = program.path("played.mp4")
            let outcome = try await FFmpeg.start(["-i", playlist, "-t", "3", "-c", "copy", file]).finished(
                within: .seconds(30))
            #expect(outcome.status == 0, "\(outcome.errors)")
            let probe = try await MediaProbe(file)
            #expect(probe.codec == "h264" && probe.width == 320 && probe.height == 180)
            #expect(abs(probe.duration - 3) < 0.3 && probe.frames > 60)
            #expect(probe.colors == ["tv", "bt709", "bt709", "bt709"])
            // The window slides, and what falls out of it is deleted.
            let before = first(text())
            let hasSlid = try await poll(within: .seconds(60)) { () -> Bool? in
                let names = try FileManager.default.contentsOfDirectory(atPath: folder)
                let oldest = "segment-\(String(repeating: "0", count: 10 - "\(before)".count))\(before).ts"
                return first(text()) > before && !names.contains(oldest) ? true : nil
            }
            #expect(hasSlid == true)
            let durations = text().matches(of: /#EXTINF:([0-9.]+),/).compactMap { Double($0.1) }
            #expect(durations.count == 6)
            #expect(durations.allSatisfy { $0 > 1.5 && $0 < 3.5 }, "\(durations)")
            #expect(try await outputs(url).first?["state"] as? String == "up")
            let stopped = try #require(await server.stop())
            #expect(stopped.status == 0)
            #expect(text().hasSuffix("#EXT-X-ENDLIST\n"))
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(names.count <= 12 && names.contains("notes.txt") && !names.contains("segment-0000000001.ts"))
        }
    }

    @Test("RTMP: a listener gets the picture; without one it is tried again, told once, and the key is never told")
    func rtmp() async throws {
        try await withProgram { program in
            let target = "rtmp://127.0.0.1:\(try freePort(SOCK_STREAM))/live/topsecret"
            let (server, url) = try await program.serve(["--size", "320x180", "--output", target])
            let down = try await become("down", url)
            #expect((down["reason"] as? String)?.contains("nobody listens") == true)
            let file = program.path("rtmp.flv")
            let listener = try FFmpeg.start(["-listen", "1", "-i", target, "-t", "2", "-c", "copy", file])
            #expect(try await become("up", url)["reason"] is NSNull)
            let outcome = try await listener.finished(within: .seconds(30))
            #expect(outcome.status == 0, "\(outcome.errors)")
            let probe = try await MediaProbe(file)
            #expect(probe.codec == "h264" && probe.width == 320 && probe.frames > 40)
            #expect(probe.colors == ["tv", "bt709", "bt709", "bt709"])
            let after = try await become("down", url)
            #expect(try #require(after["frames"] as? UInt64) > 40)
            let answer = try await LoopbackHTTP.request("GET", url.appending(path: "metrics"))
            let metrics = String(decoding: answer.body, as: UTF8.self)
            #expect(metrics.contains("soundlab_output_up{target=\"rtmp://127.0.0.1"))
            let stopped = try #require(await server.stop())
            #expect(stopped.status == 0)
            for text in [metrics, stopped.errors, "\(after)"] { #expect(!text.contains("topsecret")) }
            #expect(stopped.errors.components(separatedBy: " is up.").count == 2)
        }
    }

    @Test("SRT: a listener gets the picture")
    func srt() async throws {
        try await withProgram { program in
            let port = try freePort(SOCK_DGRAM)
            let file = program.path("srt.ts")
            let listener = try FFmpeg.start([
                "-i", "srt://127.0.0.1:\(port)?mode=listener", "-t", "2", "-c", "copy", file,
            ])
            let (server, url) = try await program.serve(["--size", "320x180", "--output", "srt://127.0.0.1:\(port)"])
            _ = try await become("up", url)
            let outcome = try await listener.finished(within: .seconds(40))
            #expect(outcome.status == 0, "\(outcome.errors)")
            let probe = try await MediaProbe(file)
            #expect(probe.codec == "h264" && probe.width == 320 && probe.frames > 40)
            await server.stop()
        }
    }

    @Test("a target that is not there disturbs nothing; RTSP is tried again")
    func absent() async throws {
        try await withProgram { program in
            let port = try freePort(SOCK_STREAM)
            let (server, url) = try await program.serve([
                "--size", "320x180", "--output", "rtsp://user:topsecret@127.0.0.1:\(port)/cam",
            ])
            let down = try await become("down", url)
            #expect(down["target"] as? String == "rtsp://***@127.0.0.1:\(port)/***")
            #expect(down["frames"] as? Int == 0)
            // More than the first two attempts.
            try await Task.sleep(for: .seconds(4))
            #expect(try await LoopbackHTTP.request("GET", url.appending(path: "readyz")).status == 200)
            let stopped = try #require(await server.stop())
            #expect(stopped.status == 0)
            #expect(stopped.errors.components(separatedBy: "is tried again").count == 2, "\(stopped.errors)")
            #expect(!stopped.errors.contains("topsecret"))
        }
    }

    /// The number of a playlist's first segment.
    private func first(_ playlist: String) -> Int {
        playlist.firstMatch(of: /#EXT-X-MEDIA-SEQUENCE:([0-9]+)/).flatMap { Int($0.1) } ?? 0
    }
}
