import Foundation
import Glibc
import ProgramHarness
import Testing

/// The files of a session that a program has recorded.
struct Recording {
    let folder: String

    /// The newest of a program.
    init(_ program: PhiMatrixProgram) throws {
        let sessions = program.path("data/sessions")
        let id = try #require(try FileManager.default.contentsOfDirectory(atPath: sessions).max())
        folder = sessions + "/" + id
    }

    init(folder: String) { self.folder = folder }

    /// What `session.json` says.
    func description() throws -> [String: Any] {
        let json = try Data(contentsOf: URL(filePath: folder + "/session.json"))
        return try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
    }

    /// The whole lines of a file.
    func lines(_ file: String) throws -> [[String: Any]] {
        let text = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
        // What comes after the last end of a line was never finished.
        return try text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }
}

/// Unix seconds.
func unixNow() -> Double { Date().timeIntervalSince1970 }

enum Machine {
    /// Whether `PHI_MATRIX_LONG_TESTS` is 1.
    static let isLong = ProcessInfo.processInfo.environment["PHI_MATRIX_LONG_TESTS"] == "1"

    /// Whether this process may mount file systems that nobody else sees.
    static let canMount: Bool = {
        let probe = Process()
        probe.executableURL = URL(filePath: "/usr/bin/unshare")
        probe.arguments = ["-m", "/bin/mount", "-t", "tmpfs", "-o", "size=1m", "none", "/mnt"]
        probe.standardOutput = FileHandle.nullDevice
        probe.standardError = FileHandle.nullDevice
        guard (try? probe.run()) != nil else { return false }
        probe.waitUntilExit()
        return probe.terminationStatus == 0
    }()
}
