import FrameCodec
import Fuzz
import Handoff
import NIOCore
import NIOEmbedded
import Synchronization
import Telemetry

@testable import FrameServer

/// Simulated encoders and viewers around the real hub, by a clock of their own: joins, leaves, acknowledgements, sockets
/// that are full, hidden pages, other sizes, lost encoders and a late event loop, in a random order.
final class FeedSimulation {
    private final class Clock: Sendable {
        let time = Atomic<UInt64>(100_000_000)
        var now: UInt64 { time.load(ordering: .relaxed) }
    }

    /// How long a picture lasts, µs.
    private static let step: UInt64 = 16_667

    private let clock = Clock()
    private let loop = EmbeddedEventLoop()
    private let hub: FrameHub
    private let environment: ViewerEnvironment
    private var encoders: [SimulatedEncoder]
    private var random: SeededGenerator
    private var viewers: [SimulatedViewer] = []
    private var sequence: UInt32 = .max - 100
    private var epoch: UInt32 = 0
    private var hasLostEncoder = false
    /// How often in a thousand steps a socket fills or empties.
    private let restlessness: Int

    /// What came of the run, for those who want to know that something did.
    private(set) var videoFrames = 0, stills = 0, letGo = 0

    private let damage: FeedDamage?

    init(seed: UInt64, damage: FeedDamage? = nil) {
        self.damage = damage
        var id: UInt16 = 0
        func stream(_ codec: String, _ type: MediaType, width: Int, rate: Double) -> EncodedStream {
            id += 1
            return EncodedStream(
                id: id, codec: codec, type: type, width: width, height: width / 2, framesPerSecond: rate)
        }
        encoders = [64, 32].flatMap { width in
            [
                SimulatedEncoder(stream("avc1.42E01F", .video, width: width, rate: 60)),
                SimulatedEncoder(stream("avc1.42E01F", .video, width: width, rate: 30), divisor: 2),
                SimulatedEncoder(stream("vp8", .video, width: width, rate: 60)),
                SimulatedEncoder(stream("jpeg", .jpeg, width: width, rate: 60)),
            ]
        }
        hub = FrameHub(
            streams: encoders.map(\.stream), statistics: FrameStatistics(registry: PrometheusRegistry()),
            clock: { [clock] in clock.now })
        var timings = ServerTimings()
        timings.messagesPerSecond = .max
        environment = ViewerEnvironment(
            renderer: FakeRenderer(), product: "test", tokens: AccessTokens(host: "127.0.0.1", auth: nil, view: nil),
            timings: timings)
        random = SeededGenerator(seed: seed)
        restlessness = [20, 70, 300].randomElement(using: &random) ?? 70
    }

    /// The first rule that was broken, in words; nil where none was.
    func run(steps: Int) throws -> String? {
        for _ in 0..<steps {
            try happen()
            draw(isLoopLate: random.chance(5))
            if let broken = broken() { return broken }
        }
        return try recover() ?? end()
    }

    private func happen() throws {
        let viewer = viewers.randomElement(using: &random)
        switch Int.random(in: 0..<1_000, using: &random) {
        case ..<20 where viewers.count < 5:
            let new = try SimulatedViewer(
                hub, environment, on: loop, acknowledges: random.chance(70), now: clock.now,
                damage: { [damage] in damage?.done(to: $0) ?? [$0] })
            viewers.append(new)
            try subscribe(new)
        case ..<30: try viewer.map { try subscribe($0) }
        case ..<38: try viewer.map { try remove($0) }
        case ..<48: try viewer?.acknowledge(now: clock.now, isVisible: viewer?.isHidden ?? true)
        case ..<58: viewer?.acknowledges.toggle()
        case ..<62: for n in encoders.indices { encoders[n].resize() }
        case ..<63: loseEncoder()
        case ..<65: clock.time.add(UInt64.random(in: 0...6_000_000, using: &random), ordering: .relaxed)
        case ..<(65 + restlessness): viewer?.takes.toggle()
        default: break
        }
        for viewer in viewers where viewer.takes && viewer.acknowledges && !viewer.isHidden && random.chance(40) {
            try viewer.acknowledge(now: clock.now)
        }
    }

    private func subscribe(_ viewer: SimulatedViewer) throws {
        var codecs = ["avc1.64001F", "VP8", "jpeg"].shuffled(using: &random)
        codecs.removeLast(Int.random(in: 0...2, using: &random))
        try viewer.subscribe(
            codecs, framesPerSecond: [nil, 60, 30, 10].randomElement(using: &random) ?? nil,
            width: [nil, 64, 32, 16].randomElement(using: &random) ?? nil)
    }

    private func loseEncoder() {
        guard let lost = encoders.filter({ $0.stream.isVideo }).randomElement(using: &random)?.stream else { return }
        hasLostEncoder = true
        lost.failed("It is gone.")
        hub.failed(lost)
    }

    /// A picture, and what follows from it.
    private func draw(isLoopLate: Bool) {
        clock.time.add(Self.step, ordering: .relaxed)
        sequence &+= 1
        for n in encoders.indices where encoders[n].stream.refusal == nil {
            guard let frame = encoders[n].encode(sequence, now: clock.now, epoch: &epoch) else { continue }
            hub.publish(frame)
        }
        if sequence % 60 == 0 {
            let bulletin = StatsBulletin(FrameFigures())
            hub.announce(bulletin)
        }
        guard !isLoopLate else { return }
        loop.run()
        for viewer in viewers { viewer.read() }
    }

    private func remove(_ viewer: SimulatedViewer) throws {
        try viewer.leave()
        viewers.removeAll { $0 === viewer }
        videoFrames += viewer.checker.videoFrames
        stills += viewer.checker.stills
        if viewer.checker.closeCode == 4014 { letGo += 1 }
    }

    private func broken() -> String? {
        for viewer in viewers {
            if let broken = viewer.checker.broken { return broken }
            // 4002 where the only codec that was asked for is lost.
            if let code = viewer.checker.closeCode, code != 4014, code != 4002 || !hasLostEncoder {
                return "closed with \(code)"
            }
        }
        return nil
    }

    /// Whoever reads and answers everything from now on has the newest picture two seconds later.
    private func recover() throws -> String? {
        for _ in 0..<150 {
            for viewer in viewers {
                viewer.takes = true
                try viewer.acknowledge(now: clock.now)
            }
            draw(isLoopLate: false)
            if let broken = broken() { return broken }
        }
        for viewer in viewers where !viewer.isClosed {
            let behind = sequence &- (viewer.checker.newest ?? 0)
            // At 10 frames a second, the slowest that was asked for, halved for who fell behind.
            if behind > 14 { return "a viewer who reads everything is \(behind) frames behind" }
        }
        return nil
    }

    /// When all have left nothing is wanted any more.
    private func end() throws -> String? {
        for viewer in viewers { try remove(viewer) }
        loop.run()
        if hub.viewerCount != 0 { return "\(hub.viewerCount) viewers are left" }
        for stream in hub.streams where stream.demand.isWanted || stream.wantedRate != 0 {
            return "stream \(stream.id) is wanted by nobody"
        }
        return nil
    }
}
