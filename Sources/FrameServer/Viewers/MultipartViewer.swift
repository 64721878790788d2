import FrameCodec
import Handoff
import NIOCore
import Telemetry

/// A viewer of `/stream.mjpg`. Lives on the event loop of its channel and hands frames to the task that writes.
final class MultipartViewer: FrameReceiver {
    private let stream: EncodedStream
    private let framesPerSecond: Double
    private let hub: FrameHub
    private let channel: any Channel
    private let slot: LatestSlot<FrameDelivery>
    private var cadence: Cadence
    private var stall = StallWatch()
    private let stallLimit: TimeAmount

    init(
        stream: EncodedStream, hub: FrameHub, channel: any Channel, slot: LatestSlot<FrameDelivery>,
        framesPerSecond: Double, stallLimit: TimeAmount
    ) {
        self.stream = stream
        self.framesPerSecond = framesPerSecond
        self.hub = hub
        self.channel = channel
        self.slot = slot
        self.stallLimit = stallLimit
        cadence = Cadence(framesPerSecond: framesPerSecond)
    }

    func join() {
        stream.join(framesPerSecond: framesPerSecond)
        hub.join(self, on: channel.eventLoop)
        if let delivery = hub.newestFrame(of: stream.id) { _ = receive(delivery) }
    }

    func leave() {
        stream.leave(framesPerSecond: framesPerSecond)
        hub.leave(self, on: channel.eventLoop)
    }

    /// The task that writes counts what it sent, so nothing is counted here.
    func receive(_ delivery: FrameDelivery) -> Bool {
        guard delivery.frame.stream == stream.id else { return false }
        let pending = (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        if stall.isStalled(writable: channel.isWritable, pending: pending, limit: stallLimit, now: .now()) {
            slot.end()
            channel.close(promise: nil)
            return false
        }
        if cadence.takes(delivery.frame.info.presentationTime), slot.put(delivery) {
            hub.statistics.recordDropped(reason: "slow_viewer")
        }
        return false
    }

    func endOfFrames() { slot.end() }
}
