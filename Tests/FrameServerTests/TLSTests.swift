import Foundation
import Logging
import NIOCore
import NIOSSL
import Testing

@testable import FrameServer

@Suite(.timeLimit(.minutes(2)), .serialized)
struct TLSTests {
    private func identity(_ certificates: TestCertificates, logger: Logger = .silent) throws -> TLSIdentity {
        try TLSIdentity(
            certificate: certificates.path("server.pem"), key: certificates.path("server.key"), logger: logger)
    }

    /// The status of an answer over TLS; nil where no connection comes about.
    private func status(
        _ server: TestServer, _ prepare: @escaping @Sendable (any Channel) throws -> Void
    ) async throws -> (status: Int, headers: [String: String])? {
        let socket = try await TestSocket.connect(server.port, prepare: prepare)
        do {
            try await socket.send(
                "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nConnection: close\r\n\r\n")
            let head = try await socket.readHead()
            await socket.close()
            return (head.status, head.headers)
        } catch {
            await socket.close()
            return nil
        }
    }

    @Test("TLS 1.2 and 1.3 are spoken with who trusts the root, TLS 1.1 and a stranger get nothing, HSTS is set")
    func versions() async throws {
        try await withCertificates { certificates in
            try await certificates.make("other")
            try await TestServer.run(tls: try identity(certificates)) { server in
                let trusting = try certificates.client(trusting: "first")
                let answer = try #require(try await status(server, trusting))
                #expect(answer.status == 200)
                #expect(answer.headers["strict-transport-security"] == "max-age=31536000")
                #expect(answer.headers["cross-origin-opener-policy"] == "same-origin")
                let twelve = try certificates.client(trusting: "first", to: .tlsv12)
                #expect(try await status(server, twelve)?.status == 200)
                let eleven = try certificates.client(trusting: "first", from: .tlsv1, to: .tlsv11)
                #expect(try await status(server, eleven) == nil)
                let stranger = try certificates.client(trusting: "other")
                #expect(try await status(server, stranger) == nil)
            }
            try await TestServer.run { server in
                let headers = try await server.request("/healthz").headers
                #expect(headers["strict-transport-security"] == nil)
                #expect(headers["cross-origin-opener-policy"] == nil)
            }
        }
    }

    @Test("Frames and metrics go over wss, through what encrypts")
    func webSocket() async throws {
        try await withCertificates { certificates in
            try await TestServer.run(tls: try identity(certificates)) { server in
                try await server.publishing {
                    let prepare = try certificates.client(trusting: "first")
                    let socket = try await TestSocket.connect(server.port, prepare: prepare)
                    let client = try await WebSocketClient.open(server, "/ws/frames?codec=jpeg", over: socket)
                    for _ in 0..<5 {
                        let frame = try await client.frame()
                        #expect(frame.getInteger(at: frame.readerIndex, as: UInt8.self) == 0x56)
                    }
                    await socket.close()
                    let other = try await TestSocket.connect(server.port, prepare: prepare)
                    let metrics = try await WebSocketClient.open(server, "/ws/metrics", over: other)
                    guard case .text = try await metrics.next() else {
                        Issue.record("Metrics are text.")
                        return
                    }
                }
            }
        }
    }

    @Test("A new certificate is taken for new connections, a broken one is reported once and the last good one stays")
    func reload() async throws {
        try await withCertificates { certificates in
            try await certificates.make("second")
            let log = LogRecorder()
            var timings = ServerTimings()
            timings.certificateWatch = .milliseconds(50)
            let tls = try identity(certificates, logger: log.logger)
            try await TestServer.run(timings: timings, tls: tls) { [timings] server in
                let first = try certificates.client(trusting: "first")
                let second = try certificates.client(trusting: "second")
                let standing = try await TestSocket.connect(server.port, prepare: first)
                let before = try await WebSocketClient.open(server, "/ws/metrics", over: standing)
                #expect(try await status(server, second) == nil)

                try certificates.install("second")
                #expect(await eventually { (try? await status(server, second)) ?? nil != nil })
                #expect(try await status(server, first) == nil)
                // What stood goes on with what it began with.
                for _ in 0..<3 { _ = try await before.next() }
                #expect(log.lines.filter { $0.message.contains("read again") }.count == 1)

                try Data("no certificate".utf8).write(
                    to: URL(filePath: certificates.path("server.pem")), options: .atomic)
                #expect(await eventually { log.lines.contains { $0.level == .error } })
                try await Task.sleep(for: .nanoseconds(timings.certificateWatch.nanoseconds * 6))
                #expect(log.lines.filter { $0.level == .error }.count == 1)
                #expect(try await status(server, second)?.status == 200)

                try certificates.install("first")
                #expect(await eventually { (try? await status(server, first)) ?? nil != nil })
            }
        }
    }

    @Test("Plain HTTP on a port that speaks TLS is sent to https where it only looks, and told so where it does more")
    func plain() async throws {
        try await withCertificates { certificates in
            var timings = ServerTimings()
            timings.firstRequest = .milliseconds(300)
            try await TestServer.run(timings: timings, tls: try identity(certificates)) { server in
                let look = try await server.request("/api/scenes?x=1")
                #expect(look.status == 308)
                #expect(look.headers["location"] == "https://127.0.0.1:\(server.port)/api/scenes?x=1")
                for (path, method) in [("/api/scene", "POST"), ("//elsewhere.example", "GET")] {
                    let refused = try await server.request(path, method: method, body: method == "POST" ? "{}" : nil)
                    #expect(refused.status == 400)
                    #expect(try refused.detail()?.contains("https://") == true)
                    #expect(refused.headers["location"] == nil)
                }
                // Who says nothing, or nonsense, is let go.
                for bytes in ["", "GET /", "\u{16}\u{03}\u{01}", "\0\0\0"] {
                    let socket = try await TestSocket.connect(server.port)
                    if !bytes.isEmpty { try await socket.send(bytes) }
                    _ = await socket.readToEnd()
                }
                #expect(try await status(server, certificates.client(trusting: "first"))?.status == 200)
            }
        }
    }

    @Test("Files that cannot be used are refused with a sentence, and an expired certificate is warned of")
    func mistakes() async throws {
        try await withCertificates { certificates in
            try await certificates.make("other", days: 3)
            let paths = ["first.pem", "other.key", "first.key", "missing.pem", "other.pem"].map(certificates.path)
            func mistake(_ certificate: String, _ key: String) -> CertificateError? {
                do throws(CertificateError) {
                    _ = try TLSIdentity(certificate: certificate, key: key, logger: .silent)
                    return nil
                } catch { return error }
            }
            #expect(mistake(paths[0], paths[1]) == .unusable(certificate: paths[0], key: paths[1]))
            #expect(mistake(paths[2], paths[2]) == .noCertificate(path: paths[2]))
            #expect(mistake(paths[0], paths[0]) == .noKey(path: paths[0]))
            #expect(mistake(paths[3], paths[2]) == .unreadable(path: paths[3]))
            #expect(mistake(paths[0], paths[3]) == .unreadable(path: paths[3]))
            let log = LogRecorder()
            _ = try TLSIdentity(certificate: paths[4], key: paths[1], logger: log.logger)
            #expect(log.lines.map(\.level) == [.warning] && log.text.contains("expires soon"))
        }
    }
}
