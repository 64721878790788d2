import Foundation
import ProgramHarness
import Testing

/// A library in C that is loaded before the program's own, made anew for each test.
enum PreloadedLibrary {
    /// - Parameter source: Its file, in the folder of the tests.
    static func build(_ source: String, in program: PhiMatrixProgram) async throws -> String {
        let source = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../" + source)
            .standardizedFileURL
        let compiler = try Programs.find(
            ["clang", "cc", "gcc"], advice: "A C compiler is missing: install it with “apt-get install gcc”.")
        let library = program.path(source.deletingPathExtension().lastPathComponent + ".so")
        let outcome = try await ChildProcess(
            compiler, ["-shared", "-fPIC", "-O1", "-Wall", "-o", library, source.path]
        ).finished(within: .seconds(30))
        try #require(outcome.status == 0, "\(outcome.errors)")
        return library
    }
}
