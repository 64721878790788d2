import HTTPTypes
import Hummingbird

/// Refuses calls that lack the token they need.
struct TokenMiddleware: RouterMiddleware {
    typealias Context = ServerContext

    /// What needs no token for viewing: the sign of life, and the page's scripts and styles. A browser asks for those
    /// without the token of the page that names them, and they are the same on every server.
    private static let open = Set(
        ["/healthz"] + PageAsset.all.filter { !$0.isPage }.flatMap(\.paths))

    let tokens: AccessTokens

    func handle(
        _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        let bearer = AccessTokens.bearer(request.headers[.authorization])
        if !Self.open.contains(request.uri.path) {
            let asked = request.uri.queryParameters["token"].map { String($0) }
            guard tokens.mayView([bearer, asked].compactMap { $0 }) else {
                throw unauthorized(AccessTokens.viewingRefused)
            }
        }
        guard request.method != .get, request.method != .head else { return try await next(request, context) }
        let change = tokens.change(
            [bearer].compactMap { $0 }, Addressing(authority: request.head.authority, request.headers))
        guard let refusal = change.requestRefusal else { return try await next(request, context) }
        throw change == .unauthorized ? unauthorized(refusal) : HTTPFailure(.forbidden, refusal)
    }

    private func unauthorized(_ detail: String) -> HTTPFailure {
        HTTPFailure(.unauthorized, detail, headers: [.wwwAuthenticate: AccessTokens.challenge])
    }
}
