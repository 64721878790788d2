import FoundationEssentials

/// How the kinds of outputs are written.
extension OutputTarget {
    /// Seconds between two key frames, and of an HLS segment.
    static let keySeconds = 2.0

    /// What libavformat is given to write to.
    var destination: String { kind == .hls ? address + "/index.m3u8" : address }

    /// The container that the kind of target takes.
    /// - Parameter isContinued: Whether a playlist goes on, where it would else begin anew.
    func format(isContinued: Bool) -> ContainerFormat {
        switch kind {
        case .rtmp, .rtmps: ContainerFormat("flv", options: ["flvflags": "no_duration_filesize"])
        case .srt: ContainerFormat("mpegts", options: ["flush_packets": "1"])
        case .rtsp: ContainerFormat("rtsp", options: ["rtsp_transport": "tcp"])
        case .hls:
            ContainerFormat(
                "hls",
                options: [
                    "hls_time": "\(Int(Self.keySeconds))", "hls_list_size": "6", "hls_delete_threshold": "2",
                    "hls_segment_type": "mpegts",
                    // A percent sign of the folder is none of the pattern.
                    "hls_segment_filename": address.replacing("%", with: "%%") + "/segment-%010d.ts",
                    // Numbers grow from one start of the program to the next, as players expect.
                    "hls_start_number_source": "epoch",
                    "hls_flags":
                        "delete_segments+omit_endlist+independent_segments+program_date_time+temp_file"
                        + (isContinued ? "+append_list" : ""),
                ])
        }
    }

    /// Makes the folder of a playlist, and removes what an earlier run left in it.
    func prepare() throws(ContainerError) {
        guard kind == .hls else { return }
        let files = FileManager.default
        do {
            try files.createDirectory(atPath: address, withIntermediateDirectories: true)
            for name in try files.contentsOfDirectory(atPath: address) where Self.isOwn(name) {
                try files.removeItem(atPath: address + "/" + name)
            }
        } catch {
            throw .unwritable(target: address, reason: "the folder cannot be made or emptied; give another, or mend it")
        }
    }

    /// Tells players of a playlist that nothing more will come.
    func close() {
        guard kind == .hls, let old = try? Data(contentsOf: URL(filePath: destination)) else { return }
        try? (old + Data("#EXT-X-ENDLIST\n".utf8)).write(to: URL(filePath: destination), options: .atomic)
    }

    private static func isOwn(_ name: String) -> Bool {
        name == "index.m3u8" || name == "index.m3u8.tmp"
            || name.wholeMatch(of: /segment-[0-9]{10}\.ts(\.tmp)?/) != nil
    }
}
