import CFFmpeg

extension AudioSource {
    /// The version of FFmpeg that is linked.
    public static var libraryVersion: String { av_version_info().map { String(cString: $0) } ?? "of unknown version" }
}
