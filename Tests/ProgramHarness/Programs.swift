import Foundation

/// A sentence on why a test cannot run.
public struct Trouble: Error, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}

/// Where the programs are that the tests start.
public enum Programs {
    public static func chromedriver() throws -> URL {
        try find(
            ["chromedriver"],
            advice: "chromedriver is missing: install it with “apt-get install chromium-driver”.")
    }

    public static func chromium() throws -> URL {
        try find(
            ["chromium", "chromium-browser", "google-chrome"],
            advice: "Chromium is missing: install it with “apt-get install chromium”.")
    }

    /// `PHI_MATRIX_BINARY`, or the executable that was built beside these tests.
    public static func phiMatrix() throws -> URL {
        if let path = ProcessInfo.processInfo.environment["PHI_MATRIX_BINARY"], !path.isEmpty {
            return try executable(path, advice: "PHI_MATRIX_BINARY names \(path), which cannot be run.")
        }
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let path = tests.deletingLastPathComponent().appendingPathComponent("phi-matrix").path
        return try executable(path, advice: "\(path) is missing: build it with “swift build”.")
    }

    /// The first of `names` on PATH; `advice` tells how to get it.
    public static func find(_ names: [String], advice: String) throws -> URL {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
        for name in names {
            for folder in folders {
                let path = "\(folder)/\(name)"
                if FileManager.default.isExecutableFile(atPath: path) { return URL(fileURLWithPath: path) }
            }
        }
        throw Trouble(advice)
    }

    private static func executable(_ path: String, advice: String) throws -> URL {
        guard FileManager.default.isExecutableFile(atPath: path) else { throw Trouble(advice) }
        return URL(fileURLWithPath: path)
    }
}
