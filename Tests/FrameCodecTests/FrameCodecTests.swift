import CPNG
import CTurboJPEG
import Foundation
import Handoff
import Logging
import NIOCore
import PNGCodec
import ServiceLifecycle
import Synchronization
import Testing

@testable import FrameCodec

@Suite("PNG")
struct PNGTests {
    @Test("what is encoded is decoded to the same bytes", arguments: [(1, 1), (17, 5), (640, 360)], [true, false])
    func roundTrip(size: (Int, Int), fast: Bool) throws {
        let (width, height) = size
        let pixels = gradient(width: width, height: height)
        let png = try pixels.withUnsafeBytes {
            try PNGEncoder.encode($0, width: width, height: height, fast: fast)
        }
        var image = png_image()
        image.version = png_uint_32(PNG_IMAGE_VERSION)
        #expect(png_image_begin_read_from_memory(&image, png, png.count) != 0)
        #expect((Int(image.width), Int(image.height)) == size)
        image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA)
        var decoded = [UInt8](repeating: 0, count: pixels.count)
        #expect(png_image_finish_read(&image, nil, &decoded, 0, nil) != 0)
        #expect(decoded == pixels)
    }

    @Test("noise, which does not compress, fits as well")
    func noise() throws {
        var seed: UInt64 = 7
        let pixels = (0..<256 * 256 * 4).map { _ in
            seed = seed &* 6_364_136_223_846_793_005 &+ 1
            return UInt8(truncatingIfNeeded: seed >> 56)
        }
        let png = try pixels.withUnsafeBytes { try PNGEncoder.encode($0, width: 256, height: 256) }
        #expect(png.count > 256 * 256 * 4)
    }

    @Test("too few pixels are refused")
    func tooFew() {
        let pixels = [UInt8](repeating: 0, count: 100)
        #expect(throws: PNGError.self) {
            _ = try pixels.withUnsafeBytes { try PNGEncoder.encode($0, width: 100, height: 100) }
        }
    }
}

@Suite("JPEG")
struct JPEGTests {
    @Test("the picture is the same to the eye")
    func fidelity() throws {
        let width = 320, height = 200
        let pixels = gradient(width: width, height: height)
        let encoder = try JPEGEncoder(width: width, height: height, quality: 90)
        let jpeg = try pixels.withUnsafeBytes { try encoder.encode($0) { [UInt8]($0) } }
        #expect(jpeg.starts(with: [0xFF, 0xD8]))
        #expect(jpeg.suffix(2) == [0xFF, 0xD9])
        let decoder = try #require(tjInitDecompress())
        defer { tjDestroy(decoder) }
        var decoded = [UInt8](repeating: 0, count: pixels.count)
        let result = tjDecompress2(
            decoder, jpeg, UInt(jpeg.count), &decoded, Int32(width), 0, Int32(height), Int32(TJPF_RGBX.rawValue), 0)
        #expect(result == 0)
        var error = 0
        for n in stride(from: 0, to: pixels.count, by: 4) {
            error += abs(Int(pixels[n]) - Int(decoded[n])) + abs(Int(pixels[n + 1]) - Int(decoded[n + 1]))
        }
        #expect(Double(error) / Double(2 * width * height) < 4)
    }
}

@Suite("Snapshots")
struct SnapshotDeskTests {
    private func withDesk(
        _ body: @Sendable (SnapshotDesk, FrameMailbox) async throws -> Void, pool: FramePool
    ) async throws {
        let mailbox = FrameMailbox(pool: pool)
        let desk = SnapshotDesk(mailbox: mailbox)
        let group = ServiceGroup(
            configuration: .init(services: [.init(service: desk)], logger: Logger(label: "test")))
        let running = Task { try await group.run() }
        try await body(desk, mailbox)
        await group.triggerGracefulShutdown()
        try await running.value
    }

    @Test("a request wants a frame, gets the next one, and wants no more")
    func taken() async throws {
        let pool = TestPool()
        let lease = try pool.frame(77)
        let sequence = lease.info.sequence
        let holder = LeaseHolder(lease)
        try await withDesk(
            { desk, mailbox in
                #expect(!mailbox.demand.isWanted)
                async let png = desk.take(.png)
                async let jpeg = desk.take(.jpeg)
                while !mailbox.demand.isWanted { try await Task.sleep(for: .milliseconds(5)) }
                try await Task.sleep(for: .milliseconds(50))
                holder.offer(to: mailbox)
                let (first, second) = try await (png, jpeg)
                #expect(first.info.sequence == sequence && second.info.sequence == sequence)
                #expect(first.bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
                #expect(second.bytes.starts(with: [0xFF, 0xD8]))
                #expect(!mailbox.demand.isWanted)
            }, pool: pool.pool)
    }

    @Test("without frames a request fails after two seconds, with a sentence")
    func noFrame() async throws {
        let pool = TestPool()
        try await withDesk(
            { desk, _ in
                let start = MonotonicClock.microseconds
                await #expect(throws: CodecError.noFrame) { _ = try await desk.take(.png) }
                let waited = Double(MonotonicClock.microseconds - start) * 1e-6
                #expect((1.9...3.5).contains(waited), "\(waited) s")
            }, pool: pool.pool)
    }

    @Test("at the end waiting requests are told, and later ones are refused")
    func ended() async throws {
        let pool = TestPool()
        let mailbox = FrameMailbox(pool: pool.pool)
        let desk = SnapshotDesk(mailbox: mailbox)
        let group = ServiceGroup(
            configuration: .init(services: [.init(service: desk)], logger: Logger(label: "test")))
        let running = Task { try await group.run() }
        let waiting = Task { try await desk.take(.png) }
        while !mailbox.demand.isWanted { try await Task.sleep(for: .milliseconds(5)) }
        await group.triggerGracefulShutdown()
        try await running.value
        await #expect(throws: CodecError.ended) { _ = try await waiting.value }
        await #expect(throws: CodecError.ended) { _ = try await desk.take(.png) }
    }
}

/// Carries a lease into a closure that may run once.
private final class LeaseHolder: Sendable {
    private let lease: Mutex<FrameLease?>

    init(_ lease: consuming sending FrameLease) { self.lease = Mutex(lease) }

    func offer(to mailbox: FrameMailbox) {
        lease.withLock { held in
            if let taken = held.take() { mailbox.offer(taken) }
        }
    }
}
