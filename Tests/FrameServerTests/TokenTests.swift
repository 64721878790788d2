import Handoff
import Logging
import NIOCore
import Synchronization
import Testing

@testable import FrameServer

@Suite(.timeLimit(.minutes(1)))
struct TokenTests {
    private static let scene = #"{"scene":"topology"}"#

    private func change(_ server: TestServer, _ headers: [String: String], query: String = "") async throws -> Reply {
        try await server.request("/api/scene\(query)", method: "POST", headers: headers, body: Self.scene)
    }

    private func status(_ server: TestServer, _ path: String, _ token: String?) async throws -> Int {
        try await server.request(path, headers: token.map { ["Authorization": "Bearer \($0)"] } ?? [:]).status
    }

    @Test(
        "A token matches itself and nothing else", arguments: ["", "s", "secreT", "secret ", "secretsecret", "sécret"])
    func matching(_ guess: String) throws {
        let token = try #require(AccessToken("secret"))
        #expect(token.matches("secret"))
        #expect(!token.matches(guess))
        #expect(AccessToken("") == nil)
        #expect(String(reflecting: token) == "(secret)")
    }

    @Test(
        "What counts as loopback",
        arguments: [
            ("127.0.0.1", true), ("127.3.4.5", true), ("::1", true), ("localhost", true), ("0.0.0.0", false),
            ("::", false), ("192.168.1.2", false), ("127.evil.example", false), ("", false),
        ])
    func loopback(_ host: String, _ isLoopback: Bool) {
        let tokens = AccessTokens(host: host, auth: nil, view: nil)
        #expect((tokens.change([], Addressing(hosts: ["localhost"], isForwarded: false)) == .allowed) == isLoopback)
    }

    @Test(
        "Without a token, who asks under another name or through a proxy changes nothing",
        arguments: [
            ("localhost:8000", nil, 200), ("LOCALHOST", nil, 200), ("127.0.0.1:8000", nil, 200),
            ("[::1]:8000", nil, 200),
            ("evil.example:8000", nil, 403), ("127.evil.example", nil, 403), ("[2001:db8::1]", nil, 403),
            ("localhost", "X-Forwarded-For", 403), ("localhost", "Forwarded", 403), ("localhost", "X-Real-IP", 403),
        ])
    func elsewhere(_ host: String, _ proxied: String?, _ status: Int) async throws {
        try await TestServer.run { server in
            var headers = ["Host": host, "Origin": "http://\(host)"]
            if let proxied { headers[proxied] = "192.0.2.1" }
            let answer = try await change(server, headers)
            #expect(answer.status == status)
            #expect(answer.text.contains("as localhost") == (status == 403))
            #expect(server.renderer.currentScene == (status == 200 ? "topology" : "spectral"))
            // Looking needs neither.
            #expect(try await server.request("/api/status", headers: headers).status == 200)
            if status == 200 {
                _ = try await WebSocketClient.open(server, "/ws/state", headers: headers)
            } else {
                let refused = await #expect(throws: WebSocketClient.Refused.self) {
                    _ = try await WebSocketClient.open(server, "/ws/state", headers: headers)
                }
                #expect(refused?.head.status == 403)
            }
        }
        try await TestServer.run(authToken: "s3cret") { server in
            let answer = try await change(server, ["Host": host, "Authorization": "Bearer s3cret"])
            #expect(answer.status == 200)
        }
    }

    @Test("Beyond loopback nothing can be changed without a configured token, and everything be seen")
    func unconfigured() async throws {
        for empty in [nil, ""] {
            try await TestServer.run(host: "0.0.0.0", authToken: empty, viewToken: empty) { server in
                for headers in [[:], ["Authorization": "Bearer "], ["Authorization": "Bearer x"]] {
                    let refused = try await change(server, headers)
                    #expect(refused.status == 403)
                    #expect(try refused.detail()?.contains("set SOUNDLAB_AUTH_TOKEN") == true)
                }
                #expect(server.renderer.currentScene == "spectral")
                #expect(try await server.request("/api/status").status == 200)
                _ = try await WebSocketClient.open(server, "/ws/metrics")
            }
        }
    }

    @Test("With a token, a change needs it in the header, on loopback too", arguments: ["0.0.0.0", "127.0.0.1"])
    func changing(host: String) async throws {
        try await TestServer.run(host: host, authToken: "s3cret") { server in
            let wrong = [
                [:], ["Authorization": "Bearer s3cre"], ["Authorization": "Basic s3cret"], ["Cookie": "s3cret"],
            ]
            for headers in wrong {
                let refused = try await change(server, headers, query: "?token=s3cret")
                #expect(refused.status == 401)
                #expect(refused.headers["www-authenticate"]?.hasPrefix("Bearer") == true)
                #expect(try refused.detail()?.isEmpty == false)
            }
            #expect(server.renderer.currentScene == "spectral")
            #expect(try await server.request("/api/status").status == 200)
            #expect(try await change(server, ["Authorization": "bearer s3cret"]).status == 200)
            #expect(server.renderer.currentScene == "topology")
        }
    }

    @Test("With a view token, everything but the sign of life and the page's files needs it or the other one")
    func viewing() async throws {
        try await TestServer.run(authToken: "s3cret", viewToken: "l%ok") { server in
            for path in [
                "/", "/api/status", "/readyz", "/version", "/metrics", "/snapshot.png", "/stream.mjpg", "/none",
            ] {
                let refused = try await server.request(path)
                #expect(refused.status == 401, "\(path)")
                #expect(refused.headers["www-authenticate"]?.hasPrefix("Bearer") == true)
                #expect(try await status(server, "\(path)?token=l", "s3cre") == 401, "\(path)")
            }
            for path in ["/", "/api/status", "/snapshot.png"] {
                #expect(try await status(server, path, "l%ok") == 200)
                #expect(try await status(server, path, "s3cret") == 200)
                #expect(try await status(server, "\(path)?token=l%25ok", nil) == 200)
            }
            for path in ["/healthz", "/app.js", "/style.css"] { #expect(try await status(server, path, nil) == 200) }
            #expect(try await change(server, ["Authorization": "Bearer l%ok"]).status == 401)
            #expect(try await change(server, ["Authorization": "Bearer s3cret"]).status == 200)
        }
        try await TestServer.run(viewToken: "look") { server in
            let (without, with) = (
                try await change(server, [:]), try await change(server, ["Authorization": "Bearer look"])
            )
            #expect(without.status == 401)
            #expect(with.status == 200)
        }
    }

    @Test("The figures' socket is refused before the upgrade without a token")
    func metrics() async throws {
        try await TestServer.run(viewToken: "l%ok") { server in
            for path in ["/ws/metrics", "/ws/metrics?token=x"] {
                let refused = await #expect(throws: WebSocketClient.Refused.self) {
                    _ = try await WebSocketClient.open(server, path)
                }
                #expect(refused?.head.status == 401)
                #expect(refused?.head.headers["www-authenticate"] != nil)
            }
            _ = try await WebSocketClient.open(server, "/ws/metrics?token=l%25ok")
            _ = try await WebSocketClient.open(server, "/ws/metrics", headers: ["Authorization": "Bearer l%ok"])
        }
    }

    @Test("Frames come after a good token, and a missing or wrong one closes with 4009")
    func frames() async throws {
        try await TestServer.run(viewToken: "look") { server in
            try await server.publishing {
                for message in [
                    #"{"type":"subscribe","codecs":["jpeg"]}"#, #"{"type":"subscribe","codecs":["jpeg"],"token":"x"}"#,
                ] {
                    let refused = try await WebSocketClient.open(server, "/ws/frames")
                    _ = try await refused.text("hello")
                    try await refused.send(message)
                    guard case .text(let error) = try await refused.next() else {
                        Issue.record("something came before the error")
                        return
                    }
                    #expect(error.contains(#""code":4009"#))
                    #expect(await refused.closeCode() == 4009)
                }
                let plain = try await WebSocketClient.open(server, "/ws/frames?codec=jpeg&token=x")
                #expect(try await plain.text("error")["code"] as? Int == 4009)
                #expect(await plain.closeCode() == 4009)
                let late = try await WebSocketClient.open(server, "/ws/frames")
                try await late.send(#"{"type":"subscribe","codecs":["jpeg"],"token":"look"}"#)
                _ = try await late.frame()
                for path in ["/ws/frames?codec=jpeg&token=look", "/ws/frames?token=look"] {
                    let early = try await WebSocketClient.open(server, path)
                    if !path.contains("codec") { try await early.send(#"{"type":"subscribe","codecs":["jpeg"]}"#) }
                    _ = try await early.frame()
                }
            }
        }
    }

    @Test("Who opens a socket and presents no token loses it after a while")
    func waiting() async throws {
        var timings = ServerTimings()
        timings.firstRequest = .milliseconds(200)
        try await TestServer.run(timings: timings, viewToken: "look") { server in
            let viewer = try await WebSocketClient.open(server, "/ws/frames")
            #expect(await viewer.closeCode() == 4009)
            #expect(await eventually { server.hub.viewerCount == 0 })
        }
    }

    @Test("Tokens are in no answer and in no line of the log")
    func secrecy() async throws {
        let lines = LogLines()
        let logger = Logger(label: "test") { _ in lines }
        try await TestServer.run(
            authToken: "s3cret", viewToken: "l00k", snapshots: FakeSnapshots(fails: true), logger: logger
        ) { server in
            for path in ["/", "/api/status", "/version", "/metrics", "/readyz", "/snapshot.png", "/none"] {
                let reply = try await server.request("\(path)?token=l00k", headers: ["Authorization": "Bearer s3cret"])
                for secret in ["s3cret", "l00k"] {
                    #expect(!reply.text.contains(secret), "\(path)")
                    #expect(!"\(reply.headers)".contains(secret), "\(path)")
                }
            }
            _ = try await change(server, ["Authorization": "Bearer s3cret"])
            _ = try await WebSocketClient.open(server, "/ws/metrics?token=l00k")
        }
        #expect(!lines.all.isEmpty)
        #expect(!lines.all.contains { $0.contains("s3cret") || $0.contains("l00k") })
    }
}

/// Keeps everything that is logged.
private final class LogLines: LogHandler {
    private let kept = Mutex<[String]>([])

    var all: [String] { kept.withLock { $0 } }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }

    subscript(metadataKey _: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        kept.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
    }
}
