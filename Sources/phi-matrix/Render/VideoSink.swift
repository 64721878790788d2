import FrameCodec
import Foundation
import PhiEngine
import Synchronization

/// A video file, with the sound that is drawn.
final class VideoSink: RenderSink {
    let writers = 1
    private let file: PendingFile
    private let format: RenderFormat
    private let settings: VideoSettings
    /// The sound file, and the sample it begins at.
    private let sound: (file: AudioOptions, start: Int)?
    private let encoder = Mutex("")

    /// - Parameter sound: The sound file and the sample that is heard with the first frame.
    init(_ file: PendingFile, format: RenderFormat, settings: VideoSettings, sound: (file: AudioOptions, start: Int)?) {
        self.file = file
        self.format = format
        self.settings = settings
        self.sound = sound
    }

    func makeWriter() throws -> any FrameWriter {
        do {
            let writer = try VideoFileWriter(
                path: file.temporary, format: format == .mp4 ? .mp4 : .webM, codecs: format.codecs, settings: settings,
                sound: sound == nil ? nil : format.sound)
            encoder.withLock { $0 = writer.encoderName }
            return try Writer(writer, path: file.path, framesPerSecond: settings.framesPerSecond, sound: sound)
        } catch let error as CodecError {
            throw CommandError(
                .unavailable,
                "This video cannot be encoded here (\(error)); 'phi-matrix doctor' tells what is missing, and --output "
                    + "'frames/%05d.png' needs no encoder.")
        } catch let error as ContainerError {
            throw error.at(file.path)
        }
    }

    func commit() throws { try file.commit() }
    func discard() { file.discard() }

    var summary: String {
        encoder.withLock { $0 } + (sound == nil ? "" : format.sound == .aac ? " and AAC" : " and Opus")
    }

    var size: Int { (try? FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int) ?? 0 }

    private final class Writer: FrameWriter {
        private let video: VideoFileWriter
        /// Where the file will be.
        private let path: String
        private let sound: SoundReader?
        private let framesPerSecond: Int
        private var frames = 0
        private var samples = 0
        private var block: [Float] = []

        init(
            _ video: VideoFileWriter, path: String, framesPerSecond: Int, sound: (file: AudioOptions, start: Int)?
        ) throws {
            self.video = video
            self.path = path
            self.framesPerSecond = framesPerSecond
            self.sound = try sound.map { try SoundReader($0.file, start: $0.start) }
        }

        func read(_ pixels: UnsafeRawBufferPointer, index: Int) throws { try named { try video.append(pixels) } }

        /// Writes the sound as far as the picture has come.
        func write() throws {
            frames += 1
            guard let sound else { return }
            let due = Int((Double(frames) * Double(SoundReader.sampleRate) / Double(framesPerSecond)).rounded())
            block.removeAll(keepingCapacity: true)
            block.append(contentsOf: repeatElement(0, count: (due - samples) * SoundReader.channels))
            try block.withUnsafeMutableBufferPointer { try sound.read(into: $0) }
            try named { try block.withUnsafeBufferPointer { try video.append(sound: $0) } }
            samples = due
        }

        func finish() throws { try named { try video.finish() } }

        private func named(_ body: () throws -> Void) throws {
            do { try body() } catch let error as ContainerError { throw error.at(path) }
        }
    }
}

extension ContainerError {
    /// With the name that was asked for instead of the one that is written to.
    fileprivate func at(_ path: String) -> ContainerError {
        switch self {
        case .unwritable(_, let reason): .unwritable(target: path, reason: reason)
        case .timedOut(_, let seconds): .timedOut(target: path, seconds: seconds)
        case .empty: .empty(target: path)
        default: self
        }
    }
}
