public import FrameCodec
import Handoff
import NIOCore
import Synchronization
public import Telemetry

/// Distributes encoded frames to viewers. It knows neither who publishes nor how frames are made.
///
/// A frame is framed once, and the same bytes go to everybody. What a viewer cannot take is replaced by what is newer.
public final class FrameHub: FrameSink {
    /// The streams that viewers can choose.
    public let streams: [EncodedStream]
    let statistics: FrameStatistics
    /// Whether frames get to viewers late for want of processor time.
    let lateness = Lateness()
    private let clock: @Sendable () -> UInt64
    private let newest = Mutex<[UInt16: FrameDelivery]>([:])
    private let fanout: LoopFanout<any FrameReceiver, FrameDelivery>

    /// - Parameter streams: In the order of preference. A frame of a stream that is not listed reaches nobody.
    public convenience init(streams: [EncodedStream], statistics: FrameStatistics) {
        self.init(streams: streams, statistics: statistics) { MonotonicClock.microseconds }
    }

    /// - Parameter clock: µs, by which frames age and viewers are judged.
    init(streams: [EncodedStream], statistics: FrameStatistics, clock: @escaping @Sendable () -> UInt64) {
        self.streams = streams
        self.statistics = statistics
        self.clock = clock
        fanout = LoopFanout(
            // Stills are worth nothing once there is a newer one; video needs what came before.
            replaces: { $0.frame.type != .video && $0.frame.stream == $1.frame.stream },
            missed: { statistics.recordDropped(reason: "busy_server", count: $0) },
            deliver: { [lateness] receivers, delivery in
                let begun = clock()
                var taken = 0
                for receiver in receivers where receiver.receive(delivery) { taken += 1 }
                let ended = clock()
                let isLate = lateness.note(delivery, begun: begun, ended: ended)
                streams.first { $0.id == delivery.frame.stream }?
                    .distributed(microseconds: ended - begun, isLate: isLate)
                delivery.recordSent(viewers: taken, in: statistics)
            })
    }

    /// µs of the clock by which frames age.
    var now: UInt64 { clock() }

    /// Hands a frame to everybody who watches its stream, and counts it as encoded.
    public func publish(_ frame: EncodedFrame) {
        let delivery = FrameDelivery(frame, at: now)
        statistics.recordEncoded(
            microseconds: UInt64(frame.encodeMicroseconds), bytes: frame.payload.readableBytes)
        newest.withLock { $0[frame.stream] = delivery }
        fanout.post(delivery)
    }

    /// How many viewers are connected, watching or not.
    public var viewerCount: Int { fanout.memberCount }

    /// The newest frame of a stream, where it is younger than a second.
    func newestFrame(of stream: UInt16) -> FrameDelivery? {
        guard let delivery = newest.withLock({ $0[stream] }),
            now < delivery.publishedAt + 1_000_000
        else { return nil }
        return delivery.kept
    }

    /// Tells everybody that a stream has no encoder any more.
    public func failed(_ stream: EncodedStream) { forEachReceiver { $0.streamFailed(stream) } }

    /// The stream for a wish; nil where no codec of it is served.
    func choose(_ wish: StreamWish) -> StreamChoice? { StreamChoice(wish, of: streams) }

    /// The codecs that are served, each once, in the order of preference.
    var codecs: [String] {
        streams.reduce(into: []) { codecs, stream in
            if stream.refusal == nil, !codecs.contains(stream.codec) { codecs.append(stream.codec) }
        }
    }

    func join(_ receiver: any FrameReceiver, on loop: any EventLoop) {
        fanout.join(receiver, id: ObjectIdentifier(receiver), on: loop)
    }

    func leave(_ receiver: any FrameReceiver, on loop: any EventLoop) {
        fanout.leave(id: ObjectIdentifier(receiver), on: loop)
    }

    func forEachReceiver(_ body: @escaping @Sendable (any FrameReceiver) -> Void) { fanout.forEach(body) }

    /// Tells everybody how the streams fare, between frames.
    func announce(_ bulletin: StatsBulletin) { fanout.forEachByAndBy { $0.receive(bulletin) } }
}
