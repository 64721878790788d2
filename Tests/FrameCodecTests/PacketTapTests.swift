import Handoff
import NIOCore
import Synchronization
import Testing

@testable import FrameCodec

@Suite("Packet taps", .timeLimit(.minutes(2)))
struct PacketTapTests {
    private let stream = EncodedStream(
        id: 3, codec: "avc1.42E01F", type: .video, width: 64, height: 48, framesPerSecond: 4)

    private func frame(_ chain: UInt64, isKey: Bool = false) -> EncodedFrame {
        EncodedFrame(
            info: FrameInfo(), type: .video, flags: isKey ? .key : [], stream: 3,
            format: StreamFormat(
                epoch: 1, codec: "avc1.42E01F", width: 64, height: 48, framesPerSecond: 4, encoder: "test"),
            chain: chain, encodeMicroseconds: 1, message: ByteBuffer(repeating: 0, count: MediaHeader.length + 4))
    }

    /// The numbers of the frames that wait, and those that come after a gap as negative numbers.
    private func drain(_ tap: PacketTap) -> [Int] {
        var numbers: [Int] = []
        while case .frame(let frame, let isAfterGap) = tap.next(milliseconds: 0) {
            numbers.append(isAfterGap ? -Int(frame.chain) : Int(frame.chain))
        }
        return numbers
    }

    @Test("a stream is wanted while a tap is open, and no longer; the first frame is a key frame")
    func demand() {
        let sink = CollectingSink()
        let taps = PacketTaps(next: sink)
        #expect(!stream.demand.isWanted)
        let tap = taps.open(stream) { _ in }
        #expect(stream.demand.isWanted && stream.wantedRate == 4 && stream.isKeyRequested)
        for n in 1...5 { taps.publish(frame(UInt64(n), isKey: n == 3)) }
        #expect(drain(tap) == [3, 4, 5])
        #expect(tap.droppedCount == 0)
        tap.close()
        tap.close()
        #expect(!stream.demand.isWanted)
        taps.publish(frame(6, isKey: true))
        #expect(drain(tap) == [])
        #expect(sink.frames.count == 6)
        do { _ = taps.open(stream) { _ in } }
        #expect(!stream.demand.isWanted, "a tap that nobody holds is closed")
    }

    @Test("a reader that is too slow loses what waits, is told how much, and goes on with a key frame")
    func overflow() {
        let lost = Mutex(0)
        let taps = PacketTaps(next: CollectingSink())
        let tap = taps.open(stream, seconds: 2) { count in lost.withLock { $0 += count } }
        // Eight frames are two seconds.
        for n in 1...8 { taps.publish(frame(UInt64(n), isKey: n == 1)) }
        stream.keyTaken()
        taps.publish(frame(9))
        #expect(stream.isKeyRequested)
        taps.publish(frame(10))
        taps.publish(frame(11, isKey: true))
        taps.publish(frame(12))
        #expect(drain(tap) == [-11, 12])
        #expect(lost.withLock { $0 } == 10)
        #expect(tap.droppedCount == 10)
    }

    @Test("a frame that misses the one before it is never handed on")
    func gap() {
        let taps = PacketTaps(next: CollectingSink())
        let tap = taps.open(stream) { _ in }
        for (n, isKey) in [(1, true), (2, false), (4, false), (5, false), (7, true), (8, false)] {
            taps.publish(frame(UInt64(n), isKey: isKey))
        }
        #expect(drain(tap) == [1, 2, -7, 8])
        #expect(tap.droppedCount == 2)
        taps.failed(stream)
        guard case .failed = tap.next(milliseconds: 0) else {
            Issue.record("The reader was not told that the encoder is gone.")
            return
        }
    }

    @Test("however many take a stream, it is encoded once")
    func oneEncode() async throws {
        let counter = CountingEncoder.Counter()
        let ladder = EncoderLadder(
            .h264,
            rungs: [
                .init(name: "counting") { (settings) throws(CodecError) in try CountingEncoder(settings, counter) }
            ])
        let pool = TestPool()
        try await RunningBank.run(ladders: [ladder], pool: pool) { bank in
            let stream = try bank.stream("avc1")
            #expect(bank.catalog.fullVideo(.h264) === stream)
            #expect(bank.catalog.fullVideo(.vp9) == nil)
            // A viewer, a recorder and an output.
            stream.join(framesPerSecond: 60)
            let first = bank.taps.open(stream) { _ in }, second = bank.taps.open(stream) { _ in }
            for n in 0..<12 {
                bank.show(try pool.frame(UInt8(n * 20)))
                _ = try await bank.frames(n + 1, of: stream)
            }
            stream.leave(framesPerSecond: 60)
            let published = bank.sink.frames.map(\.chain)
            #expect(published == Array(1...12))
            for tap in [first, second] { #expect(drain(tap) == Array(1...12)) }
            #expect(counter.opened.load(ordering: .relaxed) == 1)
            #expect(counter.encoded.load(ordering: .relaxed) == 12)
        }
    }

    @Test("key frames are asked for on an even grid, once each")
    func rhythm() {
        var rhythm = KeyRhythm(seconds: 2)
        var asked: [UInt64] = []
        var keyWanted = false
        for n in 0..<150 {
            let time = UInt64(n) * 100_000
            // An encoder answers two frames late, and somebody else wants a key frame at 3 s.
            let isKey = n == 0 || n == 30 || (keyWanted && n % 20 == 2)
            if isKey { keyWanted = false }
            if rhythm.isKeyDue(at: time, isKey: isKey) {
                asked.append(time / 100_000)
                keyWanted = true
            }
        }
        #expect(asked == [20, 40, 60, 80, 100, 120, 140])
    }
}

/// Encodes, and counts how often.
private final class CountingEncoder: VideoEncoder {
    final class Counter: Sendable {
        let opened = Atomic<Int>(0)
        let encoded = Atomic<Int>(0)
    }

    let name = "counting"
    let isHardware = false
    var header: [UInt8] { inner.header }
    private let inner: any VideoEncoder
    private let counter: Counter

    init(_ settings: VideoSettings, _ counter: Counter) throws(CodecError) {
        inner = try EncoderLadder(.h264).open(settings).encoder
        self.counter = counter
        counter.opened.add(1, ordering: .relaxed)
    }

    func encode(_ picture: PlanarPicture?, index: Int64, isKeyWanted: Bool) throws(CodecError) -> [VideoPacket] {
        if picture != nil { counter.encoded.add(1, ordering: .relaxed) }
        return try inner.encode(picture, index: index, isKeyWanted: isKeyWanted)
    }

    func change(bitsPerSecond: Int) -> Bool { inner.change(bitsPerSecond: bitsPerSecond) }
}
