import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

extension ServerRouter {
    /// `/snapshot.png` and `/snapshot.jpg`.
    func addSnapshots(_ environment: RouteEnvironment) {
        let snapshots = environment.ports.snapshots
        for (path, format, type) in [
            ("/snapshot.png", SnapshotFormat.png, "image/png"), ("/snapshot.jpg", .jpeg, "image/jpeg"),
        ] {
            get(path) { _, context in
                let snapshot: Snapshot
                do {
                    snapshot = try await snapshots.snapshot(format)
                } catch {
                    context.logger.warning("A snapshot failed.", metadata: ["error": "\(error)"])
                    throw HTTPFailure(
                        .serviceUnavailable, "No frame came in time for a picture; try again in a moment.",
                        headers: [.retryAfter: "1"])
                }
                var headers: HTTPFields = [
                    .contentType: type, .contentLength: String(snapshot.bytes.readableBytes),
                    .cacheControl: "no-store",
                ]
                if let field = HTTPField.Name.phiFrame { headers[field] = String(snapshot.frameNumber) }
                return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: snapshot.bytes))
            }
        }
    }
}

extension HTTPField.Name {
    /// The number of the frame that a picture shows.
    static let phiFrame = HTTPField.Name("X-Phi-Frame")
}
