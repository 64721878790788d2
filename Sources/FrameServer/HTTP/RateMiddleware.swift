import HTTPTypes
import Hummingbird

/// Refuses requests of an address that makes too many of them, before anything else is looked at: a token cannot be guessed
/// faster than that.
struct RateMiddleware: RouterMiddleware {
    typealias Context = ServerContext

    let rate: RequestRate

    func handle(
        _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        guard rate.allows(context.channel.remoteAddress) else {
            throw HTTPFailure(.tooManyRequests, RequestRate.refusal, headers: [.retryAfter: "1"])
        }
        return try await next(request, context)
    }
}
