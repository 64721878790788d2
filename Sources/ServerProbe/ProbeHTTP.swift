import AsyncHTTPClient
import Foundation
import Handoff
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import PhiModel

/// An answer of the server.
public struct ProbeAnswer: Sendable {
    public let status: Int
    public let contentType: String
    public let body: Data
    /// From the request to the last byte, ms.
    public let milliseconds: Double

    /// The body as JSON.
    /// - Throws: `ProbeError.unexpected`.
    public func json(_ what: String) throws(ProbeError) -> JSONValue {
        do { return try JSONValue(json: body) } catch {
            throw .unexpected(what, "does not answer with JSON")
        }
    }
}

extension ProbedServer {
    /// Asks once.
    ///
    /// - Parameter json: Sent as the body.
    /// - Throws: `ProbeError.unreachable` where nobody answers.
    public func send(_ method: String, _ path: String, json: String? = nil) async throws(ProbeError) -> ProbeAnswer {
        var request = HTTPClientRequest(url: url.absoluteString + path)
        request.method = HTTPMethod(rawValue: method)
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let json {
            request.body = .bytes(ByteBuffer(string: json))
            request.headers.add(name: "Content-Type", value: "application/json")
        }
        let client = ProbeClients.client(trusting: trustedCertificates)
        let began = MonotonicClock.microseconds
        let response: HTTPClientResponse, body: ByteBuffer
        do {
            response = try await client.execute(request, timeout: .seconds(Int64(Self.patience)))
            body = try await response.body.collect(upTo: Self.longestAnswer)
        } catch {
            throw .unreachable(url.absoluteString, Self.words(error))
        }
        let took = Double(MonotonicClock.microseconds - began) * 1e-3
        return ProbeAnswer(
            status: Int(response.status.code), contentType: response.headers.first(name: "Content-Type") ?? "",
            body: Data(body.readableBytesView), milliseconds: took)
    }

    /// Asks once, and wants one of `statuses`.
    /// - Throws: `ProbeError`.
    @discardableResult
    public func demand(
        _ method: String = "GET", _ path: String, json: String? = nil, statuses: Set<Int> = [200]
    ) async throws(ProbeError) -> ProbeAnswer {
        let answer = try await send(method, path, json: json)
        guard statuses.contains(answer.status) else { throw .status("\(method) \(path)", answer.status) }
        return answer
    }

    /// No answer that is asked for is longer, bytes.
    private static let longestAnswer = 64 << 20

    private static func words(_ error: any Error) -> String {
        switch error {
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            "its certificate is not trusted; give the authority's with --ca-file"
        case let error as HTTPClientError where [.connectTimeout, .readTimeout, .deadlineExceeded].contains(error):
            "it does not answer within \(patience) s"
        case let error as NIOConnectionError where error.dnsAError != nil && error.dnsAAAAError != nil:
            "the name is not known"
        case is NIOTooManyBytesError: "its answer is too long"
        default: "nobody answers there"
        }
    }
}
