import FrameCodec
import Handoff
import Logging
import ServiceLifecycle

/// A bank of encoders that runs, and a pool to feed it from.
struct RunningBank: Sendable {
    let catalog: StreamCatalog
    let sink: CollectingSink
    let taps: PacketTaps

    static func run(
        width: Int = 64, height: Int = 48, fps: Int = 60,
        ladders: [EncoderLadder] = VideoCodec.allCases.map { EncoderLadder($0) }, pool: TestPool,
        _ body: @Sendable (RunningBank) async throws -> Void
    ) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let catalog = StreamCatalog(
            pool: pool.pool,
            options: .init(width: width, height: height, framesPerSecond: fps, ladders: ladders))
        let sink = CollectingSink()
        let taps = PacketTaps(next: sink)
        let bank = EncoderBank(catalog, sink: taps, logger: logger)
        let group = ServiceGroup(configuration: .init(services: [.init(service: bank)], logger: logger))
        let running = Task { try await group.run() }
        do {
            try await body(RunningBank(catalog: catalog, sink: sink, taps: taps))
        } catch {
            await group.triggerGracefulShutdown()
            try await running.value
            throw error
        }
        await group.triggerGracefulShutdown()
        try await running.value
    }

    /// The stream of a codec of this width and rate.
    func stream(_ codec: String, width: Int = 64, rate: Double = 60) throws -> EncodedStream {
        guard
            let stream = catalog.streams.first(where: {
                $0.codec.hasPrefix(codec) && $0.width == width && $0.framesPerSecond == rate
            })
        else { throw CodecError.noFrame }
        return stream
    }

    /// Offers a frame to every stream that is wanted, and waits until each has published it.
    func show(_ lease: consuming FrameLease) {
        for mailbox in catalog.mailboxes where mailbox.demand.isWanted { mailbox.offer(lease.share()) }
    }

    /// Waits for so many frames of a stream.
    func frames(_ count: Int, of stream: EncodedStream) async throws -> [EncodedFrame] {
        for _ in 0..<1_000 {
            let frames = sink.frames.filter { $0.stream == stream.id }
            if frames.count >= count { return frames }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw CodecError.noFrame
    }
}
