import HTTPTypes
import Hummingbird

/// Writes down every request that changes something, with its answer. Stands before everything that may refuse one.
struct AuditMiddleware: RouterMiddleware {
    typealias Context = ServerContext

    let log: AuditLog
    let tokens: AccessTokens

    func handle(
        _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        guard request.method != .get, request.method != .head else { return try await next(request, context) }
        let response = try await next(request, context)
        let peer = context.channel.remoteAddress
        log.record(
            AuditEntry(
                requestID: context.requestID, address: peer?.ipAddress, method: request.method.rawValue,
                path: request.uri.path, status: response.status.code,
                actor: tokens.actor(
                    [AccessTokens.bearer(request.headers[.authorization])].compactMap { $0 }, from: peer)))
        return response
    }
}
