import NIOCore
import Synchronization

/// The connections that are open, so that the end of the server can reach them all.
final class OpenChannels: Sendable {
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])

    /// Remembers a channel until it closes; false where there are `limit` already.
    func add(_ channel: any Channel, limit: Int) -> Bool {
        let id = ObjectIdentifier(channel)
        let isIn = channels.withLock { channels in
            guard channels.count < limit else { return false }
            channels[id] = channel
            return true
        }
        guard isIn else { return false }
        channel.closeFuture.whenComplete { [self] _ in
            channels.withLock { $0[id] = nil }
        }
        return true
    }

    var isEmpty: Bool { channels.withLock { $0.isEmpty } }

    /// Asks every connection to end when what it is doing is done.
    func quiesce() {
        for channel in all { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
    }

    /// Closes every connection.
    func close() {
        for channel in all { channel.close(promise: nil) }
    }

    private var all: [any Channel] { channels.withLock { Array($0.values) } }
}
