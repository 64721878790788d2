import HTTPTypes
import Hummingbird

/// A router that keeps the index.
struct ServerRouter {
    private let router: Router<ServerContext>
    let index = RouteIndex()

    /// - Parameters:
    ///   - headers: Of every answer.
    ///   - audit: Takes what changes something; nil where nobody wants to know.
    init(
        rate: RequestRate, origins: OriginPolicy, tokens: AccessTokens, headers: SecurityHeaders, audit: AuditLog?
    ) {
        router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
        if let audit { router.add(middleware: AuditMiddleware(log: audit, tokens: tokens)) }
        router.add(middleware: FailureMiddleware(routes: index, headers: headers))
        router.add(middleware: RateMiddleware(rate: rate))
        router.add(middleware: OriginMiddleware(policy: origins))
        router.add(middleware: TokenMiddleware(tokens: tokens))
        router.add(middleware: BodyLimitMiddleware())
    }

    /// - Parameter others: Paths that the pattern fits and that are known for other methods: the router would look no further
    ///   than them.
    func get(
        _ path: String, also others: [String] = [],
        _ handler: @escaping @Sendable (Request, ServerContext) async throws -> Response
    ) {
        index.add(.get, path)
        for path in [path] + others { router.get(RouterPath(path), use: handler) }
    }

    func post(_ path: String, _ handler: @escaping @Sendable (Request, ServerContext) async throws -> Response) {
        index.add(.post, path)
        router.post(RouterPath(path), use: handler)
    }

    func put(
        _ path: String, also others: [String] = [],
        _ handler: @escaping @Sendable (Request, ServerContext) async throws -> Response
    ) {
        index.add(.put, path)
        for path in [path] + others { router.put(RouterPath(path), use: handler) }
    }

    func delete(
        _ path: String, also others: [String] = [],
        _ handler: @escaping @Sendable (Request, ServerContext) async throws -> Response
    ) {
        index.add(.delete, path)
        for path in [path] + others { router.delete(RouterPath(path), use: handler) }
    }

    func responder() -> RouterResponder<ServerContext> { router.buildResponder() }
}
