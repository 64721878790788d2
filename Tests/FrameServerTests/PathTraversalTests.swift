import NIOCore
import Testing

@testable import FrameServer

@Suite("Paths that want to lead elsewhere")
struct PathTraversalTests {
    static let wishes = [
        "/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd",
        "/index.html/../../etc/passwd",
        "//etc/passwd", "/./app.js/../../../etc/passwd", "/%00", "/app.js%00.html", "/..%5c..%5cetc%5cpasswd",
        "/api/presets/..%2f..%2fetc%2fpasswd", "/api/presets/%2e%2e", "/api/recorder/sessions/..%2f..%2fetc",
        "/api/recorder/sessions/%2e%2e%2f%2e%2e", "/api/record/sessions/..",
    ]

    @Test("get nothing but a sentence", arguments: wishes)
    func nothing(path: String) async throws {
        try await TestServer.run { server in
            let reply = try await server.request(path)
            #expect([400, 404].contains(reply.status), "\(reply.status) for \(path)")
            #expect(try reply.detail() != nil)
            let text = String(buffer: reply.body)
            #expect(!text.contains("root:"))
        }
    }
}
