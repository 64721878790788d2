import FrameCodec
import Handoff
import NIOCore
import NIOWebSocket
import Telemetry

/// Somebody who watches. Lives on one event loop.
protocol FrameReceiver: AnyObject {
    /// A new frame of any stream. True where it was sent at once.
    func receive(_ delivery: FrameDelivery) -> Bool
    /// A stream has no encoder any more.
    func streamFailed(_ stream: EncodedStream)
    /// How the streams fare, once a second.
    func receive(_ bulletin: StatsBulletin)
    /// The server is ending; nothing more will come.
    func endOfFrames()
}

extension FrameReceiver {
    func streamFailed(_ stream: EncodedStream) {}
    func receive(_ bulletin: StatsBulletin) {}
    func endOfFrames() {}
}

/// A frame on its way to viewers.
struct FrameDelivery: Sendable, ChainedFrame {
    let frame: EncodedFrame
    /// The whole WebSocket message with its framing, the same bytes for everybody.
    let framed: ByteBuffer
    /// µs of the hub's clock.
    let publishedAt: UInt64
    /// Whether the frame was kept for somebody who came later: its age then tells nothing of how fast frames are sent.
    private(set) var isKept = false

    init(_ frame: EncodedFrame, at now: UInt64) {
        self.frame = frame
        framed = WebSocketFraming.frame(.binary, frame.message)
        publishedAt = now
    }

    var chain: UInt64 { frame.chain }
    var isKey: Bool { frame.isKey }

    /// The whole message for a viewer who misses frames before this one: a copy of its own, with one more flag.
    var framedAfterGap: ByteBuffer {
        var copy = framed
        let flags = copy.readerIndex + copy.readableBytes - frame.message.readableBytes + MediaHeader.flagsOffset
        let raised = frame.flags.union(.discontinuity)
        copy.setInteger(raised.rawValue, at: flags)
        return copy
    }

    /// The same picture as one of another stream, for a viewer who waits for that stream's first key frame.
    func addressed(to stream: UInt16, _ format: StreamFormat) -> FrameDelivery {
        FrameDelivery(frame.addressed(to: stream, format), at: publishedAt).kept
    }

    /// The same for somebody who comes later.
    var kept: FrameDelivery {
        var kept = self
        kept.isKept = true
        return kept
    }

    /// Counts a send that has just happened.
    func recordSent(viewers: Int, in statistics: FrameStatistics) {
        guard viewers > 0 else { return }
        let now = MonotonicClock.microseconds
        statistics.recordSent(viewers: viewers, queueMicroseconds: isKept ? nil : now - min(now, publishedAt))
        if !isKept, frame.info.stateTime > 0, now >= frame.info.stateTime {
            statistics.recordLatency(seconds: Double(now - frame.info.stateTime) * 1e-6)
        }
    }
}
