import FrameCodec

/// The video encoders that streams, recordings and files can be made with.
enum VideoExamination {
    /// What brings a hardware encoder into being, by the end of its name.
    private static let remedies = [
        "_nvenc": "With an NVIDIA GPU: apt-get install nvidia-driver libnvidia-encode1",
        "_vaapi": "With an Intel or AMD GPU: apt-get install intel-media-va-driver mesa-va-drivers",
    ]

    static func section() -> DoctorReport.Section {
        let settings = VideoSettings(width: 640, height: 360, framesPerSecond: 60, purpose: .live)
        let findings = VideoCodec.allCases.flatMap { codec in
            EncoderLadder(codec).examine(settings).map { examined in
                guard let reason = examined.reason else {
                    return DoctorReport.Finding(verdict: .good, what: "\(codec.displayName) by \(examined.name)")
                }
                let hardware = remedies.first { examined.name.hasSuffix($0.key) }
                return DoctorReport.Finding(
                    verdict: hardware == nil ? .missing : .note,
                    what: "\(codec.displayName) not by \(examined.name): \(reason)",
                    remedy: hardware?.value ?? "apt-get install libavcodec-extra")
            }
        }
        return DoctorReport.Section(name: "Video encoders", findings: findings)
    }
}
