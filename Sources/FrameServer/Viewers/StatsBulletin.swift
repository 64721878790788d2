import FrameCodec
import NIOCore
import NIOWebSocket
import Synchronization
import Telemetry

/// The `stats` of one second. What is the same for all viewers of a stream is encoded once: a thousand messages of this size
/// would keep an event loop from its frames.
final class StatsBulletin: Sendable {
    private struct Subject: Hashable {
        let stream: UInt16
        let epoch: UInt32?
    }

    private let figures: FrameFigures
    /// Encoded, without the brace at the end.
    private let encoded = Mutex<[Subject: ByteBuffer]>([:])

    init(_ figures: FrameFigures) { self.figures = figures }

    /// The framed message for one viewer; nil where a figure is no number that JSON has.
    func message(
        to environment: ViewerEnvironment, of stream: EncodedStream, _ format: StreamFormat?,
        sent: (framesPerSecond: Double, bitsPerSecond: Double), hub: FrameHub
    ) -> ByteBuffer? {
        let subject = Subject(stream: stream.id, epoch: format?.epoch)
        let shared = encoded.withLock { encoded -> ByteBuffer? in
            if let known = encoded[subject] { return known }
            let message = environment.stats(figures, stream: stream, format: format, hub: hub)
            guard var bytes = try? WireJSON.encode(message) else { return nil }
            bytes.moveWriterIndex(to: bytes.writerIndex - 1)
            encoded[subject] = bytes
            return bytes
        }
        guard var message = shared else { return nil }
        message.writeString(
            #","fps":{"rendered":\#(figures.renderedPerSecond),"encoded":\#(figures.encodedPerSecond),"#
                + #""sent":\#(sent.framesPerSecond)},"bitrate":\#(sent.bitsPerSecond)}"#)
        return WebSocketFraming.frame(.text, message)
    }
}
