import FrameCodec
import NIOCore
import NIOEmbedded
import NIOWebSocket

@testable import FrameServer

/// A viewer without a socket: the real session, connection and feed over a channel in memory.
final class SimulatedViewer {
    private let channel: EmbeddedChannel
    private(set) var checker = FeedChecker()
    private(set) var isHidden = false
    /// Whether the viewer acknowledges what it is sent.
    var acknowledges: Bool
    private var heardAt: UInt64
    /// What happens to messages on their way to the checker.
    private let damage: (ByteBuffer) -> [ByteBuffer]

    init(
        _ hub: FrameHub, _ environment: ViewerEnvironment, on loop: EmbeddedEventLoop, acknowledges: Bool, now: UInt64,
        damage: @escaping (ByteBuffer) -> [ByteBuffer] = { [$0] }
    ) throws {
        self.damage = damage
        self.acknowledges = acknowledges
        heardAt = now
        let session = FrameViewer(
            hub: hub, request: StreamRequest(query: [:], subprotocols: [], mayView: true), environment: environment)
        channel = EmbeddedChannel(loop: loop)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        let sender = RawSender()
        try channel.pipeline.syncOperations.addHandlers(
            sender,
            WebSocketConnection(
                channel: channel, session: session, sender: sender, timings: environment.timings,
                statistics: hub.statistics))
        read()
    }

    func subscribe(_ codecs: [String], framesPerSecond: Int?, width: Int?) throws {
        var message = #"{"type":"subscribe","codecs":[\#(codecs.map { "\"\($0)\"" }.joined(separator: ","))]"#
        if let framesPerSecond { message += ",\"max_fps\":\(framesPerSecond)" }
        if let width { message += ",\"max_width\":\(width)" }
        try say(message + "}")
    }

    /// Says that everything up to the newest frame has arrived, and whether the page is to be seen.
    func acknowledge(now: UInt64, isVisible: Bool = true) throws {
        checker.shows(isVisible)
        isHidden = !isVisible
        if now >= heardAt + 4_000_000 { checker.wasSilent() }
        heardAt = now
        if let newest = checker.newest {
            checker.acknowledges(newest)
            try say(#"{"type":"ack","seq":\#(newest),"visible":\#(isVisible)}"#)
        } else {
            try say(#"{"type":"ack","visible":\#(isVisible)}"#)
        }
    }

    /// Whether the socket takes more.
    var takes: Bool {
        get { channel.isWritable }
        set {
            guard newValue != channel.isWritable else { return }
            channel.isWritable = newValue
            channel.pipeline.fireChannelWritabilityChanged()
            read()
        }
    }

    /// Whether the server has ended the connection.
    var isClosed: Bool { checker.closeCode != nil }

    /// Reads what was sent.
    func read() {
        while let message = try? channel.readOutbound(as: ByteBuffer.self) {
            for message in damage(message) { checker.read(message) }
        }
    }

    func leave() throws { _ = try channel.finish(acceptAlreadyClosed: true) }

    private func say(_ text: String) throws {
        guard !isClosed else { return }
        let frame = WebSocketFrame(fin: true, opcode: .text, maskKey: [0, 0, 0, 0], data: ByteBuffer(string: text))
        try channel.writeInbound(frame)
        read()
    }
}
