import Hummingbird
import HummingbirdCore
import NIOCore

/// What a route knows beside the request.
struct ServerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    /// What logs call the request.
    var requestID = RequestID([])

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
