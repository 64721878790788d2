import HTTPTypes
import Hummingbird

/// Refuses a body that is announced as too long before anything of it is read. One of unknown length is refused where it
/// is collected.
struct BodyLimitMiddleware: RouterMiddleware {
    typealias Context = ServerContext

    func handle(
        _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > Request.longestBody {
            throw HTTPError(.contentTooLarge)
        }
        return try await next(request, context)
    }
}
