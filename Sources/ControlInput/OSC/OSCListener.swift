public import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle
import Synchronization

/// Takes Open Sound Control over UDP.
public final class OSCListener: Service, Sendable {
    /// What was taken and what was not, since the start.
    public struct Counts: Sendable, Equatable {
        public var messages: UInt64 = 0
        /// Messages to addresses that mean nothing here, or with arguments that do not fit.
        public var unknown: UInt64 = 0
        /// Packets that are no Open Sound Control.
        public var malformed: UInt64 = 0
    }

    private let host: String
    private let wantedPort: Int
    private let take: @Sendable (ControlCommand) -> Void
    private let logger: Logger
    private let counted = Mutex(Counts())
    private let bound = Mutex<Int?>(nil)

    /// - Parameters:
    ///   - port: 0 takes any that is free.
    ///   - take: Called on the listener's thread.
    public init(
        host: String, port: Int, logger: Logger, take: @escaping @Sendable (ControlCommand) -> Void
    ) {
        self.host = host
        wantedPort = port
        self.take = take
        self.logger = logger
    }

    public var counts: Counts { counted.withLock { $0 } }

    /// The port that is listened on; nil before.
    public var port: Int? { bound.withLock { $0 } }

    /// Listens until graceful shutdown or cancellation.
    /// - Throws: `OSCListenerError` where the port cannot be had.
    public func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let channel: any Channel
        do {
            channel = try await DatagramBootstrap(group: group)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(Datagrams { [weak self] in self?.received($0) })
                    }
                }
                .bind(host: host, port: wantedPort).get()
        } catch {
            try? await group.shutdownGracefully()
            throw OSCListenerError(host: host, port: wantedPort, reason: "\(error)")
        }
        bound.withLock { $0 = channel.localAddress?.port }
        logger.info(
            "Listening for OSC.",
            metadata: ["host": "\(channel.localAddress?.ipAddress ?? host)", "port": "\(port ?? wantedPort)"])
        let address = channel.localAddress?.ipAddress ?? ""
        if address != "::1", !address.hasPrefix("127.") {
            logger.warning("OSC knows no tokens: whoever reaches this address can change what is shown.")
        }
        await withTaskCancellationOrGracefulShutdownHandler {
            try? await channel.closeFuture.get()
        } onCancelOrGracefulShutdown: {
            channel.close(promise: nil)
        }
        try? await group.shutdownGracefully()
    }

    private func received(_ packet: ByteBuffer) {
        let messages: [OSCMessage]
        do throws(OSCError) { messages = try OSCPacket.messages([UInt8](packet.readableBytesView)) } catch {
            let isFirst = counted.withLock { counts in
                counts.malformed += 1
                return counts.malformed == 1
            }
            if isFirst { logger.warning("a packet is no OSC", metadata: ["reason": "\(error)"]) }
            return
        }
        for message in messages {
            let commands = OSCMap.commands(message)
            let isFirst = counted.withLock { counts in
                counts.messages += 1
                if commands.isEmpty { counts.unknown += 1 }
                return commands.isEmpty && counts.unknown == 1
            }
            if isFirst {
                logger.warning(
                    "an OSC message means nothing here", metadata: ["address": "\(message.address.prefix(80))"])
            }
            for command in commands { take(command) }
        }
    }

    private final class Datagrams: ChannelInboundHandler {
        typealias InboundIn = AddressedEnvelope<ByteBuffer>

        private let take: (ByteBuffer) -> Void

        init(_ take: @escaping (ByteBuffer) -> Void) { self.take = take }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { take(unwrapInboundIn(data).data) }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            // A datagram that could not be received, such as a refused answer, ends nothing.
        }
    }
}

/// The port for OSC cannot be had.
public struct OSCListenerError: Error, CustomStringConvertible {
    let host: String
    let port: Int
    let reason: String

    public var description: String {
        "OSC cannot be taken at \(host):\(port) (\(reason)); choose another port after --osc."
    }
}
