import Foundation
import FoundationNetworking
import Handoff
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
        guard let address = URL(string: url.absoluteString + path) else { throw .badAddress(path) }
        if let trustedCertificates { setenv("URLSessionCertificateAuthorityInfoFile", trustedCertificates, 1) }
        var request = URLRequest(
            url: address, cachePolicy: .reloadIgnoringLocalCacheData, timeoutInterval: Double(Self.patience))
        request.httpMethod = method
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        if let json {
            request.httpBody = Data(json.utf8)
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        }
        let began = MonotonicClock.microseconds
        let data: Data, response: URLResponse
        do { (data, response) = try await URLSession.shared.data(for: request) } catch {
            throw .unreachable(url.absoluteString, Self.words(error))
        }
        let took = Double(MonotonicClock.microseconds - began) * 1e-3
        guard let response = response as? HTTPURLResponse else { throw .unexpected(path, "is no HTTP") }
        return ProbeAnswer(
            status: response.statusCode, contentType: response.value(forHTTPHeaderField: "Content-Type") ?? "",
            body: data, milliseconds: took)
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

    private static func words(_ error: any Error) -> String {
        switch (error as? URLError)?.code {
        case .timedOut: "it does not answer within \(patience) s"
        case .cannotConnectToHost, .networkConnectionLost: "nobody answers there"
        case .cannotFindHost, .dnsLookupFailed: "the name is not known"
        case .serverCertificateUntrusted, .secureConnectionFailed, .serverCertificateHasUnknownRoot:
            "its certificate is not trusted; give the authority's with --ca-file"
        default: "nobody answers there"
        }
    }
}
