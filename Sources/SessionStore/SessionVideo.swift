import FrameCodec
import Glibc
import Handoff

/// A video file of a session while it is written. Owned by one thread.
final class SessionVideo {
    let epoch: UInt32
    private(set) var description: Session.Video
    private let writer: ContainerWriter
    /// For waiting until what was written is on the disk; below 0 where it could not be opened.
    private let descriptor: Int32
    private let digest: FileDigest
    private var first: UInt64?
    /// The session's beginning, µs of the monotonic clock.
    private let origin: UInt64

    init(
        _ format: StreamFormat, _ codec: VideoCodec, folder: String, number: Int, origin: UInt64
    ) throws(ContainerError) {
        self.origin = origin
        epoch = format.epoch
        let name = number == 1 ? "frames.mp4" : "frames-\(number).mp4"
        description = Session.Video(
            file: name, codec: codec.rawValue, encoder: format.encoder, size: "\(format.width)x\(format.height)",
            fps: format.framesPerSecond, frames: 0, duration: 0)
        let path = folder + "/" + name
        writer = try ContainerWriter(target: path, format: .fragmentedMP4, video: VideoTrack(format, codec))
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        digest = FileDigest(path: path)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func write(_ frame: EncodedFrame) throws {
        try writer.write(frame)
        let time = frame.info.presentationTime
        let start = first ?? time
        if first == nil { description.start = (Double(start) - Double(origin)) * 1e-6 }
        first = start
        description.frames += 1
        description.duration = Double(time - min(time, start)) * 1e-6 + 1 / max(1, description.fps)
    }

    /// Waits until what was written is on the disk.
    func flush() throws(SessionError) {
        if descriptor >= 0, fdatasync(descriptor) != 0 { throw .unwritable(description.file, errno) }
        measure()
    }

    func finish() throws {
        try writer.finish()
        measure()
    }

    private func measure() {
        var information = stat()
        if descriptor >= 0, fstat(descriptor, &information) == 0 { description.bytes = Int(information.st_size) }
        description.digest = digest.extend()
    }
}
