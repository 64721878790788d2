import HTTPTypes
import Hummingbird
import Synchronization

/// The routes as they are registered, so that a known path with a wrong method can be told from an unknown path.
final class RouteIndex: Sendable {
    private let known = Mutex<[String: [String]]>([:])

    /// The methods that a path takes; none where there is no such path.
    func methods(of path: String) -> [String] { known.withLock { $0[path] ?? [] } }

    func add(_ method: HTTPRequest.Method, _ path: String) {
        known.withLock { known in
            known[path, default: []].append(method.rawValue)
            if method == .get { known[path, default: []].append("HEAD") }
        }
    }
}

/// A router that keeps the index.
struct ServerRouter {
    private let router: Router<ServerContext>
    private let index = RouteIndex()

    init(origins: OriginPolicy) {
        router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: FailureMiddleware(routes: index))
        router.add(middleware: OriginMiddleware(policy: origins))
    }

    func get(_ path: String, _ handler: @escaping @Sendable (Request, ServerContext) async throws -> Response) {
        index.add(.get, path)
        router.get(RouterPath(path), use: handler)
    }

    func post(_ path: String, _ handler: @escaping @Sendable (Request, ServerContext) async throws -> Response) {
        index.add(.post, path)
        router.post(RouterPath(path), use: handler)
    }

    func responder() -> RouterResponder<ServerContext> { router.buildResponder() }
}

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
