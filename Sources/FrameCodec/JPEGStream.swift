import Handoff
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// Encodes the newest frames as JPEG for as long as somebody wants them, on a thread of its own: one encode a frame,
/// however many viewers there are.
public final class JPEGStream: Service {
    /// The identity of the stream in media headers.
    public static let streamID: UInt16 = 1
    /// The name of the encoder, as viewers are told.
    public static let encoderName = "libjpeg-turbo"

    private let mailbox: FrameMailbox
    private let sink: any FrameSink
    private let logger: Logger
    private let isStopping = Atomic<Bool>(false)

    /// - Parameters:
    ///   - mailbox: Where frames come from; its demand decides whether there are any.
    ///   - sink: Where encoded frames go.
    public init(mailbox: FrameMailbox, sink: any FrameSink, logger: Logger) {
        self.mailbox = mailbox
        self.sink = sink
        self.logger = logger
    }

    /// Encodes until graceful shutdown or cancellation, and returns when its thread has ended.
    public func run() async throws {
        try await withGracefulShutdownHandler {
            try await DedicatedThread.run(name: "phi-jpeg", stop: { self.stop() }) { try self.encodeFrames() }
        } onGracefulShutdown: {
            self.stop()
        }
    }

    private func stop() {
        isStopping.store(true, ordering: .relaxed)
        mailbox.wake()
    }

    private func encodeFrames() throws {
        var encoder: (size: (Int, Int), encoder: JPEGEncoder)?
        var epoch: UInt32 = 0
        while !isStopping.load(ordering: .relaxed) {
            guard let lease = mailbox.wait(milliseconds: 1_000) else { continue }
            let info = lease.info
            let started = MonotonicClock.microseconds
            if encoder == nil || encoder?.size ?? (0, 0) != (info.width, info.height) {
                encoder = ((info.width, info.height), try JPEGEncoder(width: info.width, height: info.height))
                epoch += 1
            }
            guard let encoder = encoder?.encoder else { continue }
            do {
                let message = try encoder.encode(lease.pixels) { bytes in
                    var buffer = ByteBuffer()
                    buffer.reserveCapacity(MediaHeader.length + bytes.count)
                    buffer.writeRepeatingByte(0, count: MediaHeader.length)
                    buffer.writeBytes(bytes)
                    return buffer
                }
                let elapsed = UInt32(clamping: MonotonicClock.microseconds - started)
                sink.publish(
                    EncodedFrame(
                        info: info, type: .jpeg, flags: .key, stream: Self.streamID, epoch: epoch,
                        encodeMicroseconds: max(elapsed, 1), message: message))
            } catch {
                // One bad frame must not end the stream.
                logger.warning("a frame was not encoded", metadata: ["reason": "\(error)"])
            }
        }
    }
}
