import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

extension ServerRouter {
    /// `/snapshot.png`, `/snapshot.jpg`, and `/snapshot.json`: a picture with the state that it was drawn from.
    func addSnapshots(_ environment: RouteEnvironment) {
        let snapshots = environment.ports.snapshots
        for (path, format, type) in [
            ("/snapshot.png", SnapshotFormat.png, "image/png"), ("/snapshot.jpg", .jpeg, "image/jpeg"),
        ] {
            get(path) { _, context in
                let snapshot = try await Self.inTime(context) { try await snapshots.snapshot(format) }
                var headers: HTTPFields = [
                    .contentType: type, .contentLength: String(snapshot.bytes.readableBytes),
                    .cacheControl: "no-store",
                ]
                if let field = HTTPField.Name.phiFrame { headers[field] = String(snapshot.frameNumber) }
                return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: snapshot.bytes))
            }
        }
        get("/snapshot.json") { _, context in
            let document = try await Self.inTime(context) { try await snapshots.evidence() }
            return Response(
                status: .ok,
                headers: [
                    .contentType: "application/json", .contentLength: String(document.readableBytes),
                    .cacheControl: "no-store",
                ], body: ResponseBody(byteBuffer: document))
        }
    }

    private static func inTime<Value>(
        _ context: ServerContext, _ take: () async throws -> Value
    ) async throws -> Value {
        do { return try await take() } catch {
            context.logger.warning("A snapshot failed.", metadata: ["error": "\(error)"])
            throw HTTPFailure(
                .serviceUnavailable, "No frame came in time for a picture; try again in a moment.",
                headers: [.retryAfter: "1"])
        }
    }
}

extension HTTPField.Name {
    /// The number of the frame that a picture shows.
    static let phiFrame = HTTPField.Name("X-Phi-Frame")
}
