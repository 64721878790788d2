import HTTPTypes
import Hummingbird
import Logging
import NIOHTTP1

/// A request that cannot be answered: a status, and a sentence for whoever sent it.
struct HTTPFailure: Error {
    var status: HTTPResponse.Status
    var detail: String
    var headers: HTTPFields = [:]

    init(_ status: HTTPResponse.Status, _ detail: String, headers: HTTPFields = [:]) {
        self.status = status
        self.detail = detail
        self.headers = headers
    }
}

/// The body of every error.
struct FailureBody: Encodable {
    let detail: String
}

/// Turns whatever a route throws into `{"detail"}`, and sets the headers that every answer has.
struct FailureMiddleware: RouterMiddleware {
    typealias Context = ServerContext

    let routes: RouteIndex
    let headers: SecurityHeaders

    func handle(
        _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch let failure as HTTPFailure {
            response = try answer(failure)
        } catch let error as any HTTPResponseError {
            response = try answer(failure(for: error, request))
        } catch is HTTPParserError {
            // The head was sound, and what followed it was not: that is the client's doing.
            response = try answer(HTTPFailure(.badRequest, "The body is not what the head of the request announced."))
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            context.logger.error("A request failed.", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
            response = try answer(
                HTTPFailure(.internalServerError, "The server failed on this request; its log says why."))
        }
        for (name, value) in headers.all {
            guard let field = HTTPField.Name(name), response.headers[field] == nil else { continue }
            response.headers[field] = value
        }
        return response
    }

    private func failure(for error: any HTTPResponseError, _ request: Request) -> HTTPFailure {
        let path = request.uri.path
        switch error.status {
        case .notFound:
            let methods = routes.methods(of: path)
            guard !methods.isEmpty else { return HTTPFailure(.notFound, "There is nothing at \(path).") }
            let list = methods.joined(separator: ", ")
            return HTTPFailure(
                .methodNotAllowed, "\(path) takes \(list), not \(request.method.rawValue).",
                headers: [.allow: list])
        case .contentTooLarge:
            return HTTPFailure(.contentTooLarge, "A body has at most 1 MiB; send less.")
        default:
            return HTTPFailure(error.status, "\(error.status.reasonPhrase).")
        }
    }

    private func answer(_ failure: HTTPFailure) throws -> Response {
        var response = try Response.json(FailureBody(detail: failure.detail), status: failure.status)
        for field in failure.headers { response.headers[field.name] = field.value }
        return response
    }
}
