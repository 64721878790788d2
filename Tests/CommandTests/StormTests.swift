import Foundation
import ProgramHarness
import Testing

/// Far more clients than there are places for.
@Suite("storms", .serialized)
struct StormTests {
    /// Frames a second that a viewer inside gets over `seconds`, while `body` runs.
    private func rate(
        _ viewer: RawConnection, seconds: Double, _ body: () async throws -> Void = {}
    ) async throws -> Double {
        let before = viewer.markerCount, start = ContinuousClock.now
        try await body()
        try await Task.sleep(until: start + .seconds(seconds))
        let elapsed = ContinuousClock.now - start
        return Double(viewer.markerCount - before) / (elapsed / .seconds(1))
    }

    private func viewer(_ url: URL) throws -> RawConnection {
        let viewer = try RawConnection(url)
        viewer.send("GET /stream.mjpg?fps=30 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        viewer.count("--phi-frame")
        return viewer
    }

    @Test("ten times the limit is refused with 503 and Retry-After, and viewers inside keep their rate")
    func tenTimesTheLimit() async throws {
        try await withProgram { program in
            let (server, url) = try await program.serve(
                ["--size", "320x180", "--fps", "30"], environment: ["SOUNDLAB_MAX_CONNECTIONS": "5"])
            let inside = try (0..<5).map { _ in try viewer(url) }
            _ = try await rate(inside[0], seconds: 1)
            var ratios: [Double] = []
            for _ in 0..<3 {
                let alone = try await rate(inside[0], seconds: 2)
                let crowded = try await rate(inside[0], seconds: 2) {
                    var outside: [RawConnection] = []
                    for n in 0..<50 {
                        let connection = try RawConnection(url)
                        connection.upgrade(n.isMultiple(of: 2) ? "/ws/frames?codec=jpeg" : "/ws/metrics")
                        let answer = connection.receive()
                        #expect(answer.hasPrefix("HTTP/1.1 503 "), "\(answer.prefix(100))")
                        #expect(answer.lowercased().contains("\r\nretry-after: "))
                        outside.append(connection)
                    }
                    #expect(outside.count == 50)
                }
                ratios.append(crowded / alone)
            }
            #expect(ratios.sorted()[1] > 0.9, "\(ratios)")
            #expect(await server.stop()?.status == 0)
        }
    }

    @Test("connections that would use every descriptor up are closed, and what else needs one has it; it is said once")
    func descriptors() async throws {
        try await withProgram { program in
            let server = try ChildProcess(
                URL(filePath: "/bin/sh"),
                [
                    "-c", "ulimit -n 160; exec \"$0\" \"$@\"", try Programs.phiMatrix().path, "serve", "--port", "0",
                    "--size", "160x96",
                ], environment: ["SOUNDLAB_DATA_DIR": program.path("data")])
            let text = try await server.captured(/(http:\/\/[^\s]+\/)\n/, within: .seconds(20))
            let url = try #require(URL(string: text))
            let inside = try viewer(url)
            _ = try await rate(inside, seconds: 1)
            let alone = try await rate(inside, seconds: 2)
            var flood: [RawConnection] = []
            let crowded = try await rate(inside, seconds: 3) {
                for _ in 0..<400 { if let connection = try? RawConnection(url) { flood.append(connection) } }
            }
            #expect(flood.count == 400)
            #expect(crowded > 0.8 * alone, "\(crowded) of \(alone)")
            // The last ones in were closed at once; the first ones are still there, and wait.
            #expect(flood[399].receive() == "")
            let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(server.processIdentifier)/fd").count
            #expect(open < 150, "\(open)")
            flood = []
            let recovers = try await poll(within: .seconds(5)) {
                try await LoopbackHTTP.request("GET", url.appending(path: "healthz")).status == 200 ? true : nil
            }
            #expect(recovers == true)
            let started = try await LoopbackHTTP.request("POST", url.appending(path: "api/recorder/start"))
            #expect(started.status == 200)
            let metrics = try await LoopbackHTTP.request("GET", url.appending(path: "metrics"))
            let refused =
                String(decoding: metrics.body, as: UTF8.self)
                .firstMatch(of: /(?m)^soundlab_connections_refused_total (\d+)$/).flatMap { Int($0.1) } ?? 0
            #expect(refused > 250, "\(refused)")
            let end = await server.stop()
            #expect(end?.status == 0)
            let lines = end?.errors.components(separatedBy: "places for connections are taken").count ?? 0
            #expect(lines == 2, "\(end?.errors ?? "")")
        }
    }
}
