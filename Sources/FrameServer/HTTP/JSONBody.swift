import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

extension Response {
    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        let body = try WireJSON.encode(value)
        return Response(
            status: status,
            headers: [
                .contentType: "application/json", .contentLength: String(body.readableBytes), .cacheControl: "no-store",
            ], body: ResponseBody(byteBuffer: body))
    }
}

extension Request {
    /// Bytes that are taken of a body (contract §3).
    static let longestBody = 1 << 20

    /// The body as JSON. Throws a failure with a sentence where it is too long or is something else.
    func json<T: Decodable>(_ type: T.Type, example: String) async throws -> T {
        let buffer = try await body.collect(upTo: Self.longestBody)
        do {
            return try WireJSON.decode(type, from: buffer)
        } catch {
            throw HTTPFailure(.badRequest, "The body must be JSON such as \(example).")
        }
    }
}
