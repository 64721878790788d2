import CFFmpeg
import Glibc

/// Why a video file or a stream to somewhere else could not be written or read. Each description is one plain sentence.
public enum ContainerError: Error, Equatable, CustomStringConvertible {
    /// Neither the name nor what was asked for tells of a format that this build of FFmpeg can write.
    case unknownFormat(String)
    /// The format cannot hold what it was given, in FFmpeg's words.
    case unsuitable(format: String, reason: String)
    /// The place cannot be written to.
    case unwritable(target: String, reason: String)
    /// The other side did not answer in time, seconds.
    case timedOut(target: String, seconds: Double)
    /// Nothing was written that a player could begin with.
    case empty(target: String)
    /// The file cannot be read.
    case unreadable(path: String, reason: String)
    /// The file is not a video, or not a whole one.
    case notVideo(path: String, reason: String)

    public var description: String {
        switch self {
        case .unknownFormat(let name):
            "'\(name)' tells of no video format that can be written here; end the name in .mp4, .webm or .mkv, say."
        case .unsuitable(let format, let reason): "The format \(format) cannot hold this video: \(reason)."
        case .unwritable(let target, let reason): "The video cannot be written to \(target): \(reason)."
        case .timedOut(let target, let seconds):
            "\(target) did not take the video within \(seconds.formatted) s; check that it is there and listening."
        case .empty(let target): "There is no video in \(target), because no key frame was written."
        case .unreadable(let path, let reason):
            "The video \(path) cannot be read (\(reason)); check the path and its permissions."
        case .notVideo(let path, let reason): "\(path) cannot be used as a video: \(reason)."
        }
    }

    /// What a status of libavformat means while something is written to `target`.
    static func writing(_ status: Int32, target: String, timeout: Double) -> ContainerError {
        switch -status {
        case ENOENT, ENOTDIR:
            .unwritable(target: target, reason: "its folder does not exist; make it, or give another")
        case EACCES, EPERM: .unwritable(target: target, reason: "permission denied; give another place, or mend it")
        case EROFS: .unwritable(target: target, reason: "the file system is read-only; give another place")
        case ENOSPC, EDQUOT: .unwritable(target: target, reason: "no space is left; free some, or give another place")
        case EFBIG:
            .unwritable(
                target: target, reason: "it would be too large for the system; give another place, or raise the limit")
        case EISDIR: .unwritable(target: target, reason: "it is a folder; give the name of a file")
        case ECONNREFUSED: .unwritable(target: target, reason: "nobody listens there; start the receiver first")
        default:
            status == cff_error_exit || status == -ETIMEDOUT
                ? .timedOut(target: target, seconds: timeout)
                : .unwritable(target: target, reason: LibAV.text(status).lowercased())
        }
    }
}

extension Double {
    /// Without a fraction where there is none.
    fileprivate var formatted: String { rounded() == self ? "\(Int(self))" : "\(self)" }
}
