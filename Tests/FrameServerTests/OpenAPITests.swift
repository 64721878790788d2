import Foundation
import FrameCodec
import NIOCore
import PhiModel
import Telemetry
import Testing

@testable import FrameServer

/// `/openapi.json` against the server that it describes.
@Suite(.timeLimit(.minutes(1)))
struct OpenAPITests {
    /// Whether a path is described by `/{file}`, and is not a path of its own.
    private static func isPageFile(_ path: String) -> Bool { path.wholeMatch(of: #/\/[a-z-]+\.(js|css)/#) != nil }

    @Test("Every route is described with its methods, and nothing else is")
    func complete() async throws {
        try await TestServer.run { server in
            let api = try await DescribedAPI(server)
            let registered = server.server.routes.all.flatMap { path, methods in
                // Every GET answers HEAD: that is said once, in the introduction.
                methods.filter { $0 != "HEAD" }.map { "\($0) \(path.replacing(#/:([a-z]+)/#) { "{\($0.1)}" })" }
            }
            let files = registered.filter { Self.isPageFile(String($0.dropFirst(4))) }
            let described = Set(api.operations.map { "\($0.method) \($0.path)" })
            #expect(files.count > 30 && files.allSatisfy { $0.hasPrefix("GET ") })
            #expect(described.contains("GET /{file}"))
            #expect(Set(registered).subtracting(files) == described.subtracting(["GET /{file}"]))
            #expect(server.server.routes.all.values.allSatisfy { $0.contains("GET") == $0.contains("HEAD") })
        }
    }

    @Test("The version is the build's, and both documents are served as JSON")
    func version() async throws {
        try await TestServer.run { server in
            for (path, format, version) in [
                ("/openapi.json", "openapi", "3.1.0"), ("/asyncapi.json", "asyncapi", "3.0.0"),
            ] {
                #expect(try await server.request(path).headers["content-type"] == "application/json")
                let document = try await server.document(path)
                #expect(document[format]?.string == version)
                #expect(document["info"]?["version"]?.string == TestServer.build.version)
            }
        }
    }

    @Test("Every reference leads somewhere, and every part is referred to")
    func references() async throws {
        try await TestServer.run { server in
            let api = try await DescribedAPI(server)
            let references = Set(api.check.references)
            #expect(references.filter { api.check.target(of: $0) == nil } == [])
            for kind in ["schemas", "responses", "parameters", "headers"] {
                guard case .object(let parts)? = api.document["components"]?[kind] else {
                    Issue.record("There are no \(kind).")
                    continue
                }
                #expect(parts.keys.filter { !references.contains("#/components/\(kind)/\($0)") } == [])
            }
            let names = api.operations.compactMap { $0.content["operationId"]?.string }
            #expect(Set(names).count == api.operations.count)
        }
    }

    @Test("What the server answers to the examples is as described, field by field")
    func answers() async throws {
        try await TestServer.run { server in
            let api = try await DescribedAPI(server)
            for id in ["deep", "peak"] {
                let kept = try await server.request(
                    "/api/presets/\(id)", method: "PUT", body: #"{"name": "\#(id)", "scene": "topology"}"#)
                try #require(kept.status == 200)
            }
            server.statistics.recordRendered(makeFrame(1).info)
            var good: Set<String> = []
            // A preset has to be there until the others have used it.
            let operations =
                api.operations.filter { $0.method != "DELETE" } + api.operations.filter { $0.method == "DELETE" }
            // The stream has no end, and what a frame was drawn from is not known to the fakes.
            for operation in operations where !["/stream.mjpg", "/snapshot.json"].contains(operation.path) {
                for body in api.bodies(operation) {
                    let reply = try await server.request(
                        api.address(operation), method: operation.method,
                        body: try body.map { String(decoding: try $0.json(), as: UTF8.self) })
                    #expect(api.problems(reply, of: operation) == [])
                    if reply.status < 300 { good.insert("\(operation.method) \(operation.path)") }
                    guard let body else { continue }
                    let media = operation.content["requestBody"]?["content"]?["application/json"]
                    #expect(api.check.problems(body, media?["schema"] ?? .null, at: "body of \(operation.path)") == [])
                }
            }
            // Those, what is no WebSocket, and a session that is not there.
            let refused = Set(operations.map { "\($0.method) \($0.path)" }).subtracting(good).sorted()
            #expect(
                refused == [
                    "GET /api/record/sessions/{id}", "GET /api/recorder/sessions/{id}", "GET /snapshot.json",
                    "GET /stream.mjpg", "GET /ws/dashboard", "GET /ws/frames", "GET /ws/metrics", "GET /ws/state",
                    "GET /ws/ui",
                ])
        }
    }

    @Test("What is refused is as described: a token is missing, a page is foreign, a body is too long or no JSON")
    func refusals() async throws {
        let token = ["Authorization": "Bearer change"]
        try await TestServer.run(authToken: "change", viewToken: "view") { server in
            let api = try await DescribedAPI(server, headers: token)
            var open: [String] = []
            for operation in api.operations {
                let address = api.address(operation)
                let stranger = try await server.request(address, method: operation.method)
                if stranger.status != 401 { open.append(operation.path) }
                #expect(api.problems(stranger, of: operation) == [])
                guard operation.method != "GET" else { continue }
                var foreign = token
                foreign["Origin"] = "http://elsewhere.example"
                let long = String(repeating: " ", count: 1_048_577)
                let replies = [
                    try await server.request(address, method: operation.method, headers: foreign, body: "{}"),
                    try await server.request(address, method: operation.method, headers: token, body: long),
                    try await server.request(address, method: operation.method, headers: token, body: "{no"),
                    try await server.request(address, method: operation.method, headers: token, body: "[]"),
                ]
                #expect(replies.prefix(2).map(\.status) == [403, 413])
                for reply in replies { #expect(api.problems(reply, of: operation) == []) }
            }
            #expect(open.sorted() == ["/healthz", "/{file}"])
        }
    }

    @Test(
        "An answer that is not as described is found",
        arguments: [
            ("503", #"{"status": "ready"}"#), ("200", #"{"status": "ready"}"#),
            ("200", #"{"status": "ready", "checks": {"frames": true, "engine": true}, "more": 1}"#),
            ("200", #"{"status": "well", "checks": {"frames": true, "engine": true}}"#),
            ("200", #"{"status": "ready", "checks": {"frames": 1, "engine": true}}"#), ("418", "{}"),
        ])
    func bite(status: String, body: String) async throws {
        try await TestServer.run { server in
            let api = try await DescribedAPI(server)
            let operation = try #require(api.operations.first { $0.path == "/readyz" })
            let reply = Reply(
                status: Int(status) ?? 0, headers: ["content-type": "application/json"], body: .init(string: body))
            #expect(!api.problems(reply, of: operation).isEmpty)
        }
    }
}
