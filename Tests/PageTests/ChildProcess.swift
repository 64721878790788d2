import Foundation
import Glibc
import Synchronization

/// A program that runs beside the tests. Its standard output is read to the end, so that no full pipe ever blocks it.
final class ChildProcess: Sendable {
    private let name: String
    private let process: Process
    private let output = Mutex("")

    init(_ program: URL, _ arguments: [String]) throws {
        name = program.lastPathComponent
        process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        try Self.withoutBlockedSignals { try process.run() }
        let handle = pipe.fileHandleForReading
        Thread.detachNewThread { [weak self] in
            while case let data = handle.availableData, !data.isEmpty {
                self?.output.withLock { $0 += String(decoding: data, as: UTF8.self) }
            }
        }
    }

    /// A child inherits the signal mask of the thread that starts it, and Swift's own threads block SIGTERM.
    private static func withoutBlockedSignals(_ start: () throws -> Void) rethrows {
        var none = sigset_t()
        var before = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try start()
    }

    /// What the first match of `pattern` in the output captured.
    func captured(_ pattern: Regex<(Substring, Substring)>, within limit: Duration) async throws -> String {
        let found = try await poll(within: limit) {
            if let match = self.output.withLock({ $0 }).firstMatch(of: pattern) { return String(match.1) }
            guard self.process.isRunning else {
                throw Trouble("\(self.name) ended at once, with exit code \(self.process.terminationStatus).")
            }
            return nil
        }
        guard let found else { throw Trouble("\(name) did not say within \(limit) where it listens.") }
        return found
    }

    /// Asks the program to end, by its process id, and waits until it has.
    func stop() async {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGTERM)
        let ended = try? await poll(within: .seconds(10)) { self.process.isRunning ? nil : true }
        if ended == nil { kill(process.processIdentifier, SIGKILL) }
    }
}

/// The first answer that is not nil, or nil where there is none within `limit`.
func poll<T: Sendable>(
    within limit: Duration, every pause: Duration = .milliseconds(100), _ question: () async throws -> T?
) async throws -> T? {
    let end = ContinuousClock.now + limit
    while true {
        if let answer = try await question() { return answer }
        if ContinuousClock.now >= end { return nil }
        try await Task.sleep(for: pause)
    }
}
