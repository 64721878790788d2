import CFFmpeg

/// FFmpeg's own words for a status code, in lower case so that they fit into a sentence.
enum LibraryText {
    static func of(_ status: Int32) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            guard let text = buffer.baseAddress, cff_error_text(status, text, buffer.count) == 0 else {
                return "status \(status)"
            }
            return String(cString: text).lowercased()
        }
    }

    /// Keeps FFmpeg from writing to stderr. Done once a process.
    static let silence: Void = av_log_set_level(AV_LOG_QUIET)
}
