import FrameCodec
import PNGCodec
import PhiEngine

/// The encoders and decoders that are linked.
enum EncoderExamination {
    static func section() -> DoctorReport.Section {
        var findings: [DoctorReport.Finding] = []
        do {
            let side = 16
            let picture = [UInt8](repeating: 128, count: side * side * 4)
            let jpeg = try JPEGEncoder(width: side, height: side)
            let bytes = try picture.withUnsafeBytes { try jpeg.encode($0) { $0.count } }
            findings.append(
                DoctorReport.Finding(
                    verdict: .good, what: "JPEG by \(JPEGEncoder.name) (\(bytes) bytes for a test)"))
            _ = try picture.withUnsafeBytes { try PNGEncoder.encode($0, width: side, height: side) }
            findings.append(DoctorReport.Finding(verdict: .good, what: "PNG by libpng"))
        } catch {
            findings.append(
                DoctorReport.Finding(
                    verdict: .missing, what: "\(error)", remedy: "apt-get install libturbojpeg0 libpng16-16"))
        }
        findings.append(
            DoctorReport.Finding(verdict: .good, what: "sound files by FFmpeg \(AudioSource.libraryVersion)"))
        return DoctorReport.Section(name: "Encoders and decoders", findings: findings, isEssential: true)
    }
}
