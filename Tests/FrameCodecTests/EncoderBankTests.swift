import Handoff
import Logging
import NIOCore
import Synchronization
import Testing

@testable import FrameCodec

@Suite("Streams", .timeLimit(.minutes(2)))
struct EncoderBankTests {
    @Test("nothing is encoded unless wanted; a frame becomes one message with header and payload")
    func stills() async throws {
        let pool = TestPool()
        try await RunningBank.run(pool: pool) { bank in
            let stream = try bank.stream("jpeg")
            bank.show(try pool.frame(9))
            try await Task.sleep(for: .milliseconds(100))
            #expect(bank.sink.frames.isEmpty)
            stream.join(framesPerSecond: 60)
            for (n, level) in [UInt8(10), 200].enumerated() {
                bank.show(try pool.frame(level))
                _ = try await bank.frames(n + 1, of: stream)
            }
            stream.leave(framesPerSecond: 60)
            let frames = bank.sink.frames
            #expect(frames.map(\.info.sequence) == [2, 3])
            #expect(frames.map(\.chain) == [1, 2])
            for frame in frames {
                var message = frame.message
                #expect(message.readInteger(as: UInt32.self) == 0x5601_0201)
                #expect(message.readInteger(as: UInt16.self) == 48)
                #expect(message.readInteger(as: UInt16.self) == stream.id)
                #expect(message.readInteger(as: UInt32.self) == frame.format.epoch)
                #expect(message.readInteger(as: UInt32.self) == frame.info.sequence)
                #expect(message.readInteger(as: UInt64.self) == frame.info.presentationTime)
                message.moveReaderIndex(forwardBy: 8)
                #expect(message.readInteger(as: UInt32.self) == frame.encodeMicroseconds)
                #expect(message.readInteger(as: UInt16.self) == 64)
                #expect(message.readInteger(as: UInt16.self) == 48)
                #expect(message.readInteger(as: UInt32.self) == UInt32(frame.payload.readableBytes))
                #expect(message.readInteger(as: UInt32.self) == frame.info.stateSequence)
                #expect(message == frame.payload)
            }
            #expect(frames[0].payload != frames[1].payload)
        }
        // Every buffer is free again.
        for _ in 0..<3 {
            let isFree = pool.pool.acquire() != nil
            #expect(isFree)
        }
    }

    @Test("video begins with a key frame; others come when asked for, and not sooner than half a second after the last")
    func keys() async throws {
        let pool = TestPool()
        try await RunningBank.run(pool: pool) { bank in
            let stream = try bank.stream("avc1")
            stream.join(framesPerSecond: 60)
            var shown: UInt32 = 0
            func show(_ count: Int) async throws {
                for _ in 0..<count {
                    bank.show(try pool.frame(UInt8(truncatingIfNeeded: shown &* 9)))
                    shown += 1
                    _ = try await bank.frames(Int(shown), of: stream)
                    try await Task.sleep(for: .milliseconds(17))
                }
            }
            try await show(3)
            stream.requestKey()
            try await show(2)
            try await Task.sleep(for: .milliseconds(500))
            try await show(3)
            stream.leave(framesPerSecond: 60)
            let frames = bank.sink.frames
            #expect(frames.map(\.isKey) == [true, false, false, false, false, true, false, false])
            #expect(frames.map(\.chain) == Array(1...8))
            #expect(Set(frames.map(\.format.epoch)).count == 1)
            #expect(frames[0].format.codec.wholeMatch(of: /avc1\.42[0-9A-F]{4}/) != nil)
            #expect(frames[0].format.encoder == "libx264")
            #expect(frames[0].format.reason?.contains("h264_nvenc") == true)
            #expect(stream.targetBitrate >= 500_000)
        }
    }

    @Test(
        "sizes and rates: a quarter of the size has a quarter of the width; a half of the rate leaves out every other frame"
    )
    func tiers() async throws {
        let pool = TestPool(width: 128, height: 96)
        try await RunningBank.run(width: 128, height: 96, pool: pool) { bank in
            let small = try bank.stream("avc1", width: 32), slow = try bank.stream("vp8", width: 128, rate: 30)
            let still = try bank.stream("jpeg", width: 64)
            small.join(framesPerSecond: 60)
            slow.join(framesPerSecond: 30)
            still.join(framesPerSecond: 60)
            for n in 0..<12 {
                bank.show(try pool.frame(UInt8(n * 20), at: 1_000_000 + UInt64(n) * 16_667))
                _ = try await bank.frames(n + 1, of: small)
                _ = try await bank.frames(n + 1, of: still)
                try await Task.sleep(for: .milliseconds(17))
            }
            #expect(try await bank.frames(12, of: small).allSatisfy { $0.format.width == 32 && $0.format.height == 24 })
            #expect(try await bank.frames(12, of: still).allSatisfy { $0.info.width == 64 && $0.info.height == 48 })
            let halved = bank.sink.frames.filter { $0.stream == slow.id }.count
            #expect((4...9).contains(halved), "\(halved) of 12")
            small.leave(framesPerSecond: 60)
            slow.leave(framesPerSecond: 30)
            still.leave(framesPerSecond: 60)
        }
    }

    @Test("another size begins a new epoch with a key frame, on the same stream")
    func resize() async throws {
        let first = TestPool(width: 64, height: 48), second = TestPool(width: 96, height: 64)
        try await RunningBank.run(pool: first) { bank in
            let stream = try bank.stream("avc1")
            stream.join(framesPerSecond: 60)
            bank.show(try first.frame(50))
            _ = try await bank.frames(1, of: stream)
            bank.show(try first.frame(60))
            _ = try await bank.frames(2, of: stream)
            // A mailbox hands over leases of its own pool only, so the larger frame is given to the worker itself.
            let sink = CollectingSink()
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            var worker = VideoWorker(
                stream, EncoderLadder(.h264), TierPictures(.full), bitrates: 500_000...12_000_000, drawnRate: 60,
                threads: 1,
                StreamWorkshop(sink: sink, logger: logger, epochs: EpochCounter()))
            worker.encode(try first.frame(1))
            try await Task.sleep(for: .milliseconds(17))
            worker.encode(try second.frame(2))
            #expect(sink.frames.map(\.isKey) == [true, true])
            #expect(sink.frames.map(\.chain) == [1, 2])
            #expect(sink.frames.map(\.format.width) == [64, 96])
            #expect(sink.frames.map(\.flags.rawValue) == [1, 3])
            #expect(sink.frames[0].format.epoch != sink.frames[1].format.epoch)
            stream.leave(framesPerSecond: 60)
        }
    }

    @Test("an encoder that cannot be opened gives way to the next, with the reason")
    func fallback() async throws {
        let ladder = EncoderLadder(
            .h264,
            rungs: [
                .init(name: "broken") { (_) throws(CodecError) in throw .failed(codec: "broken", reason: "no device") },
                .init(name: "good") { (settings) throws(CodecError) in BrittleEncoder(name: "good", failsAt: nil) },
            ])
        let opened = try ladder.open(VideoSettings(width: 64, height: 48, framesPerSecond: 60))
        #expect(opened.encoder.name == "good")
        #expect(opened.reason == "broken: no device")
    }

    @Test("an encoder that fails while it runs is replaced: a new epoch, a key frame, and the stream goes on")
    func rebuilt() async throws {
        let ladder = EncoderLadder(
            .h264,
            rungs: [
                .init(name: "brittle") { (_) throws(CodecError) in BrittleEncoder(name: "brittle", failsAt: 2) },
                .init(name: "good") { (_) throws(CodecError) in BrittleEncoder(name: "good", failsAt: nil) },
            ])
        let pool = TestPool()
        try await RunningBank.run(ladders: [ladder], pool: pool) { bank in
            let stream = try bank.stream("avc1")
            stream.join(framesPerSecond: 60)
            for n in 0..<5 {
                bank.show(try pool.frame(UInt8(n)))
                try await Task.sleep(for: .milliseconds(30))
            }
            // The third is lost with the encoder.
            let frames = try await bank.frames(4, of: stream)
            #expect(frames.map(\.format.encoder) == ["brittle", "brittle", "good", "good"])
            #expect(frames.map(\.isKey) == [true, false, true, false])
            #expect(frames[2].flags.contains(.discontinuity))
            #expect(frames[2].format.reason == "brittle failed while it ran")
            #expect(bank.sink.failed.isEmpty)
            stream.leave(framesPerSecond: 60)
        }
    }

    @Test("where no encoder can be had the stream says so")
    func none() async throws {
        let ladder = EncoderLadder(
            .h264,
            rungs: [.init(name: "none") { (_) throws(CodecError) in throw .failed(codec: "none", reason: "gone") }])
        let pool = TestPool()
        try await RunningBank.run(ladders: [ladder], pool: pool) { bank in
            let stream = try bank.stream("avc1")
            stream.join(framesPerSecond: 60)
            bank.show(try pool.frame(1))
            for _ in 0..<500 where bank.sink.failed.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
            #expect(bank.sink.failed == [stream.id])
            #expect(stream.failure?.contains("none: gone") == true)
            stream.leave(framesPerSecond: 60)
        }
    }
}

/// Answers each picture with a few bytes, until it fails.
private final class BrittleEncoder: VideoEncoder {
    let name: String
    let isHardware = false
    let header: [UInt8] = []
    private let failsAt: Int64?

    init(name: String, failsAt: Int64?) {
        self.name = name
        self.failsAt = failsAt
    }

    func encode(_ picture: PlanarPicture?, index: Int64, isKeyWanted: Bool) throws(CodecError) -> [VideoPacket] {
        if let failsAt, index >= failsAt { throw .failed(codec: name, reason: "it broke") }
        return [VideoPacket(bytes: [0, 0, 0, 1], isKey: isKeyWanted, index: index, decodingIndex: index)]
    }

    func change(bitsPerSecond: Int) -> Bool { true }
}
