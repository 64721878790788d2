import Foundation
import PNGCodec

/// An animated PNG. Frames are encoded on several threads, and appended in their order.
///
/// `@unchecked Sendable`: everything that changes is touched only with the condition's lock held.
final class AnimationSink: RenderSink, @unchecked Sendable {
    let writers = ProcessInfo.processInfo.activeProcessorCount
    let summary = "animated PNG"
    private let file: PendingFile
    private let width: Int
    private let height: Int
    private let condition = NSCondition()
    private var animation: AnimatedPNG
    private var handle: FileHandle?
    /// Encoded frames that others have to come before.
    private var early: [Int: [UInt8]] = [:]
    private var next = 0
    private var isStopped = false
    private var bytes = 0

    init(_ file: PendingFile, count: Int, framesPerSecond: Int, width: Int, height: Int) throws {
        self.file = file
        self.width = width
        self.height = height
        animation = AnimatedPNG(frames: count, framesPerSecond: framesPerSecond)
        let descriptor = open(file.temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw Self.unwritable(file.path) }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    private static func unwritable(_ path: String) -> CommandError {
        CommandError(
            .inputOutput,
            "\(path) cannot be written (\(String(cString: strerror(errno)).lowercased())); check that its folder exists, is "
                + "writable, and has room.")
    }

    func makeWriter() throws -> any FrameWriter { Writer(self) }

    func commit() throws {
        condition.lock()
        defer { condition.unlock() }
        do {
            try handle?.synchronize()
            try handle?.close()
        } catch {
            throw Self.unwritable(file.path)
        }
        handle = nil
        try file.commit()
    }

    func discard() {
        condition.lock()
        isStopped = true
        condition.broadcast()
        condition.unlock()
        file.discard()
    }

    var size: Int {
        condition.lock()
        defer { condition.unlock() }
        return bytes
    }

    /// Appends a frame once it is its turn; waits where it is far too early.
    private func append(_ png: [UInt8], index: Int) throws {
        condition.lock()
        defer {
            condition.broadcast()
            condition.unlock()
        }
        while index > next + 2 * writers, !isStopped { condition.wait() }
        guard !isStopped else { return }
        early[index] = png
        do {
            while let png = early.removeValue(forKey: next) {
                let piece = try animation.append(png)
                try handle?.write(contentsOf: piece)
                bytes += piece.count
                next += 1
            }
        } catch {
            isStopped = true
            throw error is PNGError ? error : Self.unwritable(file.path)
        }
    }

    private final class Writer: FrameWriter {
        private let sink: AnimationSink
        private let picture = PictureBuffer()

        init(_ sink: AnimationSink) { self.sink = sink }

        func read(_ pixels: UnsafeRawBufferPointer, index: Int) throws { picture.read(pixels, index: index) }

        func write() throws {
            try sink.append(try picture.png(width: sink.width, height: sink.height), index: picture.index)
        }

        func finish() throws {}
    }
}
