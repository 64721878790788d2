import HTTPTypes
import Hummingbird

/// Refuses calls that change something where they come from a foreign page: such calls need no answer to do harm.
struct OriginMiddleware: RouterMiddleware {
    typealias Context = ServerContext

    let policy: OriginPolicy

    func handle(
        _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        guard request.method != .get, request.method != .head else { return try await next(request, context) }
        let origins = request.headers[values: .origin]
        guard policy.allows(origins: origins, hosts: request.head.authority.map { [$0] } ?? []) else {
            throw HTTPFailure(
                .forbidden, "Pages of this origin may not do this; list it in SOUNDLAB_ALLOWED_ORIGINS to allow it.")
        }
        return try await next(request, context)
    }
}
