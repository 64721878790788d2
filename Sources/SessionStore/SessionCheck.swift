import FoundationEssentials
import FrameCodec
import Glibc
import JSONLines

/// Whether what a session's folder holds is whole.
public struct SessionCheck: Sendable {
    /// Samples that are farther apart are told, s.
    private static let longestGap = 1.0

    /// What is damaged or missing, a sentence each.
    public private(set) var faults: [String] = []
    /// What is as it has to be after a crash, or only unusual, a sentence each.
    public private(set) var notes: [String] = []
    /// Lines of `metrics.jsonl`.
    public private(set) var sampleCount = 0
    /// Files whose last line was never finished.
    public private(set) var tornLineCount = 0
    /// From the first line of `metrics.jsonl` to the last, s.
    public private(set) var duration = 0.0

    /// Reads all files of lines to their end, opens the videos, and compares every file with its checksum.
    public init(_ session: Session, in folder: SessionFolder) {
        let path = folder.path(of: session.id)
        if session.end == nil {
            notes.append("It was not ended: it is being recorded, or its program was killed.")
        }
        if let reason = session.reason { notes.append("It ended early: \(reason)") }
        if session.streams == nil {
            notes.append("It has no record of the engine; only its video can be played.")
        } else {
            for stream in session.streams ?? [] { check(stream, path) }
        }
        for video in session.videos { check(video, path) }
        if session.videos.isEmpty { notes.append("It has no video.") }
    }

    private mutating func check(_ stream: Session.Stream, _ folder: String) {
        let reader: LineReader
        do { reader = try LineReader(path: folder + "/" + stream.file) } catch {
            faults.append("\(stream.file) cannot be read: \(String(cString: strerror(error.code)).lowercased()).")
            return
        }
        var lines = 0, damaged = 0, backwards = 0, gap = 0.0
        var first: Double?, last: Double?
        do {
            while let t = try reader.next({ try? JSONDecoder().decode(Instant.self, from: Data($0)).t }) {
                lines += 1
                guard let t else {
                    damaged += 1
                    continue
                }
                if let last {
                    if t < last { backwards += 1 }
                    gap = max(gap, t - last)
                }
                first = first ?? t
                last = t
            }
        } catch {
            faults.append("\(stream.file) cannot be read to its end; check the disk.")
        }
        if damaged > 0 { faults.append("\(stream.file) has \(damaged) lines that are no JSON with a time t.") }
        if reader.overlongCount > 0 { faults.append("\(stream.file) has \(reader.overlongCount) lines without end.") }
        if backwards > 0 { faults.append("\(stream.file) goes back in time \(backwards) times.") }
        if lines < stream.lines {
            faults.append("\(stream.file) has \(lines) lines; session.json says that there were \(stream.lines).")
        } else {
            compare(stream.digest, stream.file, folder)
        }
        if reader.isTorn {
            tornLineCount += 1
            notes.append("The last line of \(stream.file) was never finished; it is left out.")
        }
        guard stream.file == "metrics.jsonl" else { return }
        sampleCount = lines
        duration = (last ?? 0) - (first ?? 0)
        if gap > Self.longestGap {
            notes.append("The engine said nothing for up to \((gap * 10).rounded() / 10) s.")
        }
    }

    private mutating func check(_ video: Session.Video, _ folder: String) {
        do {
            let reader = try VideoFileReader(path: folder + "/" + video.file)
            guard let picture = try reader.next() else {
                faults.append("\(video.file) has no picture.")
                return
            }
            if "\(picture.width)x\(picture.height)" != video.size {
                faults.append(
                    "\(video.file) is \(picture.width)x\(picture.height); session.json says \(video.size).")
            }
        } catch {
            faults.append("\(video.file) cannot be played: \(error)")
            return
        }
        var information = stat()
        if stat(folder + "/" + video.file, &information) == 0, let bytes = video.bytes,
            Int(information.st_size) < bytes
        {
            faults.append("\(video.file) has \(information.st_size) bytes; session.json says that there were \(bytes).")
        } else {
            compare(video.digest, video.file, folder)
        }
    }

    private mutating func compare(_ digest: Session.Digest?, _ file: String, _ folder: String) {
        guard let digest else { return }
        guard let found = FileDigest(path: folder + "/" + file).extend(to: digest.bytes) else {
            faults.append("\(file) cannot be read to its end; check the disk.")
            return
        }
        guard found.bytes == digest.bytes else {
            faults.append("\(file) has \(found.bytes) bytes; session.json says that there were \(digest.bytes).")
            return
        }
        guard found.sha256 != digest.sha256 else { return }
        faults.append(
            "\(file) is not what was recorded: the checksum of its first \(digest.bytes) bytes is another one.")
    }

    private struct Instant: Decodable { let t: Double }
}
