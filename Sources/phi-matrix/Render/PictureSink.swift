import Foundation
import ImageVerify
import PNGCodec
import Synchronization

/// Numbered PNG files, from 0; each is whole or not there.
final class PictureSink: RenderSink {
    let writers = ProcessInfo.processInfo.activeProcessorCount
    private let pattern: FramePattern
    private let width: Int
    private let height: Int
    private let count: Int
    private let bytes = Atomic(0)

    /// - Parameter isReplacing: Whether files that are there may go.
    /// - Throws: `CommandError` where the folder cannot be made or there are such files.
    init(_ pattern: FramePattern, count: Int, width: Int, height: Int, isReplacing: Bool) throws {
        self.pattern = pattern
        self.count = count
        self.width = width
        self.height = height
        let folder = URL(filePath: pattern.path(0)).deletingLastPathComponent()
        do { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) } catch {
            throw CommandError(
                .inputOutput, "The folder \(folder.path) cannot be made; check its permissions, or give another.")
        }
        // One more, so that the frames of a longer run do not pass for those of this one.
        if !isReplacing,
            let taken = (0...count).first(where: { FileManager.default.fileExists(atPath: pattern.path($0)) }
            )
        {
            throw PendingFile.exists(pattern.path(taken))
        }
    }

    func makeWriter() throws -> any FrameWriter { Writer(self) }

    /// Frames of an earlier run that was longer go, so that those that are there belong together.
    func commit() throws {
        var number = count
        while unlink(pattern.path(number)) == 0 { number += 1 }
    }

    /// What is there is whole, and stays.
    func discard() {}

    var summary: String { "PNG" }
    var size: Int { bytes.load(ordering: .relaxed) }

    private final class Writer: FrameWriter {
        private let sink: PictureSink
        private let picture = PictureBuffer()

        init(_ sink: PictureSink) { self.sink = sink }

        func read(_ pixels: UnsafeRawBufferPointer, index: Int) throws { picture.read(pixels, index: index) }

        func write() throws {
            let png = try picture.png(width: sink.width, height: sink.height)
            try ImageFile.write(png, to: sink.pattern.path(picture.index))
            sink.bytes.add(png.count, ordering: .relaxed)
        }

        func finish() throws {}
    }
}

/// The pixels of one frame, copied so that the renderer can go on. Belongs to one thread.
final class PictureBuffer {
    private(set) var index = 0
    private var pixels: [UInt8] = []

    func read(_ source: UnsafeRawBufferPointer, index: Int) {
        self.index = index
        if pixels.count != source.count { pixels = [UInt8](repeating: 0, count: source.count) }
        pixels.withUnsafeMutableBytes { $0.copyMemory(from: source) }
    }

    func png(width: Int, height: Int) throws -> [UInt8] {
        try pixels.withUnsafeBytes { try PNGEncoder.encode($0, width: width, height: height, fast: true) }
    }
}
