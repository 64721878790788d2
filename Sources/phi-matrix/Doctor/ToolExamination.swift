import Foundation
import PhiDisplay
import PhiRenderer

/// What is useful beside Vulkan and encoders: a display, fonts, directories.
enum ToolExamination {
    static func display() -> DoctorReport.Section {
        let environment = ProcessInfo.processInfo.environment
        let session = environment["WAYLAND_DISPLAY"] ?? environment["DISPLAY"]
        let window =
            session.map { DoctorReport.Finding(verdict: .good, what: "a display (\($0)), so that --window works") }
            ?? DoctorReport.Finding(
                verdict: .note, what: "no display; only --window needs one",
                remedy: "Start within a graphical session, or under xvfb-run (apt-get install xvfb).")
        return DoctorReport.Section(
            name: "Window",
            findings: [DoctorReport.Finding(verdict: .good, what: "SDL \(DisplayWindow.libraryVersion)"), window])
    }

    static func fonts() -> DoctorReport.Section {
        let found = FontFile.candidates.first { FileManager.default.isReadableFile(atPath: $0) }
        let finding =
            found.map { DoctorReport.Finding(verdict: .good, what: $0) }
            ?? DoctorReport.Finding(
                verdict: .missing, what: "a font for labels", remedy: "apt-get install fonts-inter")
        return DoctorReport.Section(name: "Fonts", findings: [finding], isEssential: true)
    }

    static func directories(_ data: DataDirectory) -> DoctorReport.Section {
        let manager = FileManager.default
        var folder = data.url
        while !manager.fileExists(atPath: folder.path), folder.path != "/" { folder.deleteLastPathComponent() }
        let isWritable = manager.isWritableFile(atPath: folder.path)
        let finding =
            isWritable
            ? DoctorReport.Finding(verdict: .good, what: "data directory \(data.url.path)")
            : DoctorReport.Finding(
                verdict: .missing, what: "the right to write to the data directory \(data.url.path)",
                remedy: "Mend its permissions, or give another with --data-dir or SOUNDLAB_DATA_DIR.")
        return DoctorReport.Section(name: "Directories", findings: [finding])
    }
}
