import CFFmpeg
import Synchronization

/// FFmpeg's answers as errors.
enum LibAV {
    /// Throws where `status` tells of a failure.
    static func check(_ status: Int32, _ codec: String) throws(CodecError) {
        guard status < 0 else { return }
        throw .failed(codec: codec, reason: text(status))
    }

    /// FFmpeg's words for a status.
    static func text(_ status: Int32) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let start = buffer.baseAddress, cff_error_text(status, start, buffer.count) >= 0 else {
                return "error \(status)"
            }
            return String(cString: start)
        }
    }
}

/// FFmpeg writes to standard error by itself; what it has to say arrives as errors here.
enum LibAVLog {
    private static let isQuiet = Mutex(false)

    static func quieten() {
        isQuiet.withLock { isQuiet in
            if !isQuiet { av_log_set_level(AV_LOG_QUIET) }
            isQuiet = true
        }
    }
}
