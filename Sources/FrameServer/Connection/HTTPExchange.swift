import Handoff
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes

/// Serves the requests of one plain HTTP connection with Hummingbird's router.
struct HTTPExchange: HTTPChannelHandler {
    typealias Value = HTTPConnection

    let responder: Responder
    private let logger: Logger

    init(responder: RouterResponder<ServerContext>, product: String, logger: Logger) {
        self.logger = logger
        self.responder = { request, writer, channel in
            let began = MonotonicClock.microseconds
            let id = RequestID(HTTPField.Name.requestID.map { request.headers[values: $0] } ?? [])
            var logger = logger
            logger[metadataKey: "request_id"] = .string(id.description)
            var context = ServerContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
            context.requestID = id
            var response = try await responder.respond(to: request, context: context)
            response.headers[.server] = product
            if let name = HTTPField.Name.requestID { response.headers[name] = id.description }
            logger.debug(
                "Answered.",
                metadata: [
                    "method": "\(request.method)", "path": "\(request.uri.path)", "status": "\(response.status.code)",
                    "ms": "\(Double(MonotonicClock.microseconds - began) / 1_000)",
                ])
            try await writer.write(response: response.head, body: response.body)
        }
    }

    func serve(_ connection: HTTPConnection) async { await handleHTTP(asyncChannel: connection, logger: logger) }

    // MARK: ServerChildChannel

    /// The pipeline is set up by `ConnectionPipeline`, since a connection may become a WebSocket first.
    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTPConnection> {
        channel.eventLoop.makeFailedFuture(ChannelError.inappropriateOperationForState)
    }

    func handle(value: HTTPConnection, logger: Logger) async { await serve(value) }
}
