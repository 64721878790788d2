import FrameCodec
import Handoff
import NIOCore
import Telemetry
import Testing

@testable import FrameServer

@Suite(.timeLimit(.minutes(1)))
struct RouteTests {
    @Test("Health, readiness and version")
    func health() async throws {
        try await TestServer.run { server in
            let health = try await server.request("/healthz").json()
            #expect(health["status"] as? String == "healthy")
            #expect(health["service"] as? String == "soundlab-phi-matrix")
            #expect(health["version"] as? String == "1.2.3")
            let before = try await server.request("/readyz")
            #expect(before.status == 503)
            #expect(try before.json()["status"] as? String == "not_ready")
            server.statistics.recordRendered(makeFrame(1).info)
            let ready = try await server.request("/readyz")
            #expect(ready.status == 200)
            #expect(try ready.json()["checks"] as? [String: Bool] == ["frames": true, "engine": true])
            server.engine.isFresh = false
            let stale = try await server.request("/readyz")
            #expect(stale.status == 503)
            #expect(try stale.json()["checks"] as? [String: Bool] == ["frames": true, "engine": false])
            let version = try await server.request("/version").json()
            #expect(version["commit"] as? String == "abc")
            #expect(version["build_date"] as? String == "2026-01-01T00:00:00Z")
            #expect(version["api_version"] != nil)
            #expect(version["features"] as? [String] == ["jpeg"])
            #expect((version["renderer"] as? [String: any Sendable])?["driver"] as? String == "Test driver 1.0")
        }
    }

    @Test(
        "A renderer of one frame a second is ready between two frames, and not after three that are missing",
        arguments: [(2_000_000, 200), (3_500_000, 503)])
    func slowRenderer(age: UInt64, status: Int) async throws {
        try await TestServer.run(targetFPS: 1) { server in
            server.statistics.recordRendered(makeFrame(1, at: MonotonicClock.microseconds - age).info)
            let reply = try await server.request("/readyz")
            #expect(reply.status == status)
        }
    }

    @Test("The status has every field of the contract")
    func status() async throws {
        try await TestServer.run { server in
            try await server.publishing {
                let viewer = try await WebSocketClient.open(server, "/ws/metrics")
                // How many frames a loaded machine makes is its own affair; that the rate tells of them is not.
                let (clock, before) = (ContinuousClock(), server.statistics.snapshot().renderedTotal)
                let begin = clock.now
                try await Task.sleep(for: .milliseconds(1_200))
                let made = Double(server.statistics.snapshot().renderedTotal - before)
                let rate = made / ((clock.now - begin) / .seconds(1))
                let status = try await server.request("/api/status").json()
                let fields: Set = [
                    "audio_running", "sample_rate", "buffer_size", "preset_loaded", "metrics_clients",
                    "frame_clients", "fps", "target_fps", "quality", "scene", "engine", "uptime", "total_frames",
                    "cpu_usage", "memory_mb", "device", "quality_mode", "quality_reason", "hud_enabled", "is_recording",
                    "outputs",
                ]
                #expect(Set(status.keys) == fields)
                #expect(status["metrics_clients"] as? Int == 1)
                #expect(status["frame_clients"] as? Int == 0)
                #expect((rate * 0.6...rate * 1.6).contains(status["fps"] as? Double ?? 0))
                #expect((status["memory_mb"] as? Double ?? 0) > 5)
                await viewer.socket.close()
            }
        }
    }

    @Test("Errors are JSON with a sentence, and answers carry the security headers")
    func errors() async throws {
        try await TestServer.run { server in
            let missing = try await server.request("/api/nothing")
            #expect(missing.status == 404)
            #expect(try missing.detail()?.contains("/api/nothing") == true)
            let wrong = try await server.request("/api/scene")
            #expect(wrong.status == 405)
            #expect(wrong.headers["allow"] == "POST")
            let large = try await server.request(
                "/api/scene", method: "POST", body: String(repeating: " ", count: 1_100_000))
            #expect(large.status == 413)
            #expect(try large.detail() != nil)
            let unannounced = try await server.request(
                "/api/scene", method: "POST", headers: ["Transfer-Encoding": "chunked"],
                body: "10CCCC\r\n" + String(repeating: " ", count: 0x10CCCC) + "\r\n0\r\n\r\n")
            #expect(unannounced.status == 413)
            for path in ["/", "/api/nothing", "/healthz"] {
                let headers = try await server.request(path).headers
                #expect(headers["x-content-type-options"] == "nosniff")
                #expect(headers["content-security-policy"]?.hasPrefix("default-src 'self'") == true)
                #expect(headers["referrer-policy"] == "no-referrer")
                #expect(headers["x-frame-options"] == "SAMEORIGIN")
                #expect(headers["permissions-policy"]?.contains("microphone=()") == true)
            }
        }
    }

    @Test("HEAD answers as GET without a body")
    func head() async throws {
        try await TestServer.run { server in
            for path in ["/healthz", "/", "/snapshot.png", "/stream.mjpg"] {
                let reply = try await server.request(path, method: "HEAD")
                #expect(reply.status == 200, "\(path)")
                #expect(reply.body.readableBytes == 0)
            }
            #expect(!server.demand.isWanted)
        }
    }

    @Test("Snapshots name their frame, and a missing frame is a 503")
    func snapshots() async throws {
        try await TestServer.run { server in
            let png = try await server.request("/snapshot.png")
            #expect(png.text == "PNG")
            #expect(png.headers["content-type"] == "image/png")
            #expect(png.headers["x-phi-frame"] == "42")
            #expect(png.headers["cache-control"] == "no-store")
            let jpeg = try await server.request("/snapshot.jpg")
            #expect(jpeg.text == "JPEG")
            #expect(jpeg.headers["content-type"] == "image/jpeg")
        }
        try await TestServer.run(snapshots: FakeSnapshots(fails: true)) { server in
            let failed = try await server.request("/snapshot.png")
            #expect(failed.status == 503)
            #expect(try failed.detail() != nil)
        }
    }

    @Test("The multipart stream carries the shared JPEG bytes and ends with its client")
    func multipart() async throws {
        try await TestServer.run { server in
            let socket = try await TestSocket.connect(server.port)
            try await socket.send("GET /stream.mjpg HTTP/1.1\r\nHost: x\r\n\r\n")
            let head = try await socket.readHead()
            #expect(head.status == 200)
            #expect(head.headers["content-type"]?.hasPrefix("multipart/x-mixed-replace; boundary=") == true)
            #expect(await eventually { server.demand.isWanted })
            let frame = makeFrame(77)
            server.hub.publish(frame)
            #expect(await eventually { server.statistics.snapshot().sentTotal == 1 })
            // Due by the cadence, however soon after the other it is published.
            server.hub.publish(makeFrame(78, at: frame.info.presentationTime + 20_000))
            let bytes = try await socket.read(2_200)
            let text = String(decoding: bytes.readableBytesView, as: UTF8.self)
            #expect(text.contains("Content-Length: 2000\r\n"))
            #expect(text.contains("X-Phi-Frame: 77\r\n"))
            let payload = Array(frame.payload.readableBytesView)
            let sent = Array(bytes.readableBytesView)
            #expect(sent.indices.contains { sent[$0...].starts(with: payload) })
            await socket.close()
            // The next frames find nobody.
            try await server.publishing {
                #expect(await eventually { !server.demand.isWanted && server.hub.viewerCount == 0 })
            }
        }
    }

    @Test("One connection serves requests one after another")
    func keepAlive() async throws {
        try await TestServer.run { server in
            let socket = try await TestSocket.connect(server.port)
            for _ in 0..<3 {
                try await socket.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                let head = try await socket.readHead()
                #expect(head.status == 200)
                _ = try await socket.read(head.headers["content-length"].flatMap(Int.init) ?? 0)
            }
            try await socket.send(
                """
                GET /ws/metrics HTTP/1.1\r
                Host: x\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                Sec-WebSocket-Version: 13\r
                \r

                """)
            #expect(try await socket.readHead().status == 426)
        }
    }

    @Test("What is no HTTP is answered and closed")
    func noHTTP() async throws {
        try await TestServer.run { server in
            let socket = try await TestSocket.connect(server.port)
            try await socket.send("\u{16}\u{3}\u{1} hello\r\n\r\n")
            #expect(try await socket.readHead().status == 400)
            _ = await socket.readToEnd()
        }
    }

    @Test("Every file of the page is served with its type, and again only when it changed")
    func page() async throws {
        try await TestServer.run { server in
            let files = PageAsset.all.flatMap { asset in asset.paths.map { ($0, asset.contentType) } }
            for (path, type) in [("/docs", "text/html; charset=utf-8")] + files {
                let first = try await server.request(path)
                #expect(first.status == 200)
                #expect(first.headers["content-type"] == type)
                #expect(first.headers["cache-control"] == "no-cache")
                #expect(first.body.readableBytes > 0)
                let tag = try #require(first.headers["etag"])
                let again = try await server.request(path, headers: ["If-None-Match": tag])
                #expect(again.status == 304)
                #expect(again.body.readableBytes == 0)
            }
        }
    }
}
