import Foundation
import FrameCodec
import Fuzz
import Handoff
import Logging
import ServiceLifecycle
import Synchronization
import Telemetry

@testable import FrameServer

/// A server with real encoders behind it, and a camera that draws as fast as the renderer does.
struct LiveServer: Sendable {
    let test: TestServer
    let catalog: StreamCatalog
    let camera: Camera

    /// - Parameter width: Pixels of what is drawn at first; it may become less.
    static func run<R: Sendable>(
        width: Int = 128, height: Int = 96, ladders: [EncoderLadder] = VideoCodec.allCases.map { EncoderLadder($0) },
        timings: ServerTimings = .init(), _ body: @Sendable (LiveServer) async throws -> R
    ) async throws -> R {
        let memory = PictureMemory(count: 8, size: width * height * 4)
        let pool = FramePool(pixels: memory.buffers.map { UnsafeRawBufferPointer($0) }, owner: memory)
        let catalog = StreamCatalog(
            pool: pool, options: .init(width: width, height: height, framesPerSecond: 60, ladders: ladders))
        return try await TestServer.run(timings: timings, streams: catalog.streams, offersStills: false) { test in
            let bank = EncoderBank(catalog, sink: test.hub, logger: .silent)
            let group = ServiceGroup(configuration: .init(services: [.init(service: bank)], logger: .silent))
            let camera = Camera(pool, memory, catalog, test.statistics, width: width, height: height)
            return try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                camera.start()
                let result: Result<R, any Error>
                do {
                    result = .success(try await body(LiveServer(test: test, catalog: catalog, camera: camera)))
                } catch {
                    result = .failure(error)
                }
                camera.stop()
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
                return try result.get()
            }
        }
    }
}

/// The memory of a pool of pictures.
///
/// `@unchecked Sendable`: a buffer is written only by who holds its only lease.
final class PictureMemory: @unchecked Sendable {
    let buffers: [UnsafeMutableRawBufferPointer]

    init(count: Int, size: Int) {
        buffers = (0..<count).map { _ in
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
            buffer.initializeMemory(as: UInt8.self, repeating: 0)
            return buffer
        }
    }

    deinit { for buffer in buffers { buffer.deallocate() } }
}

/// Draws noise that moves, sixty pictures a second, and offers each to whoever wants it.
final class Camera: Sendable {
    private let pool: FramePool
    private let memory: PictureMemory
    private let catalog: StreamCatalog
    private let statistics: FrameStatistics
    private let size: Mutex<(width: Int, height: Int)>
    private let isDone = Atomic(false)

    init(
        _ pool: FramePool, _ memory: PictureMemory, _ catalog: StreamCatalog, _ statistics: FrameStatistics, width: Int,
        height: Int
    ) {
        self.pool = pool
        self.memory = memory
        self.catalog = catalog
        self.statistics = statistics
        size = Mutex((width, height))
    }

    /// Draws smaller pictures from now on, or larger ones again.
    func resize(width: Int, height: Int) { size.withLock { $0 = (width, height) } }

    func start() {
        let thread = Thread { [self] in
            var random = SeededGenerator(seed: 1)
            let noise = random.bytes(memory.buffers.first?.count ?? 0)
            var number: UInt32 = 0
            var due = MonotonicClock.nanoseconds
            while !isDone.load(ordering: .relaxed) {
                number += 1
                draw(number, noise)
                due += 16_666_667
                MonotonicClock.sleep(untilNanoseconds: due)
            }
        }
        thread.start()
    }

    func stop() { isDone.store(true, ordering: .relaxed) }

    private func draw(_ number: UInt32, _ noise: [UInt8]) {
        guard let lease = pool.acquire() else { return }
        let (width, height) = size.withLock { $0 }
        var info = FrameInfo()
        info.sequence = number
        info.presentationTime = MonotonicClock.microseconds
        (info.width, info.height) = (width, height)
        // A band of noise over an even ground: as much for an encoder as a scene has.
        let bytes = width * height * 4, band = bytes / 8
        let buffer = memory.buffers[lease.slot]
        buffer.initializeMemory(as: UInt8.self, repeating: UInt8(truncatingIfNeeded: number))
        let place = Int(number) * width * 4 % (bytes - band)
        noise.withUnsafeBytes { noise in
            UnsafeMutableRawBufferPointer(rebasing: buffer[place..<(place + band)])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: noise[0..<band]))
        }
        info.renderMicroseconds = UInt32(clamping: MonotonicClock.microseconds - info.presentationTime)
        lease.info = info
        statistics.recordRendered(info)
        for mailbox in catalog.mailboxes where mailbox.demand.isWanted { mailbox.offer(lease.share()) }
    }
}
