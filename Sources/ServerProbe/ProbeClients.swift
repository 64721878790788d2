import AsyncHTTPClient
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// One client for each set of certificates that are trusted, for as long as the program runs.
enum ProbeClients {
    private static let clients = Mutex<[String: HTTPClient]>([:])

    /// - Parameter certificates: A PEM file; nil for the system's.
    static func client(trusting certificates: String?) -> HTTPClient {
        clients.withLock { clients in
            if let known = clients[certificates ?? ""] { return known }
            var configuration = HTTPClient.Configuration()
            if let certificates {
                var tls = TLSConfiguration.makeClientConfiguration()
                tls.trustRoots = .file(certificates)
                configuration.tlsConfiguration = tls
            }
            // What is examined is the answer itself.
            configuration.redirectConfiguration = .disallow
            configuration.httpVersion = .http1Only
            configuration.timeout.connect = .seconds(Int64(ProbedServer.patience))
            let client = HTTPClient(
                eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton), configuration: configuration)
            clients[certificates ?? ""] = client
            return client
        }
    }
}
