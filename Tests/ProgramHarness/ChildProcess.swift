import Foundation
import Glibc
import Synchronization

/// A program that runs beside the tests. What it prints is read to the end, so that no full pipe ever blocks it.
public final class ChildProcess: Sendable {
    /// How a program ended.
    public struct Outcome: Sendable {
        public let status: Int32
        public let output: Data
        public let errors: String

        public var text: String { String(decoding: output, as: UTF8.self) }
    }

    private let name: String
    private let process: Process
    private let output: Collector
    private let errors: Collector

    /// - Parameters:
    ///   - environment: Set in addition to this process's own; an empty value removes the variable.
    public init(_ program: URL, _ arguments: [String], environment: [String: String] = [:]) throws {
        name = program.lastPathComponent
        process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment
            .merging(environment) { $1 }.filter { !$0.value.isEmpty }
        process.standardInput = FileHandle.nullDevice
        let outputPipe = Pipe(), errorPipe = Pipe()
        process.standardOutput = outputPipe
        process.standardError = errorPipe
        try Self.withoutBlockedSignals { [process] in try process.run() }
        output = Collector(outputPipe.fileHandleForReading)
        errors = Collector(errorPipe.fileHandleForReading)
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

    public var processIdentifier: Int32 { process.processIdentifier }

    /// What the first match of `pattern` in the output captured.
    public func captured(
        _ pattern: Regex<(Substring, Substring)>, inErrors: Bool = false, within limit: Duration
    ) async throws -> String {
        let found = try await poll(within: limit, every: .milliseconds(10)) {
            if let match = (inErrors ? self.errors : self.output).text.firstMatch(of: pattern) {
                return String(match.1)
            }
            guard self.process.isRunning else {
                throw Trouble(
                    "\(self.name) ended at once, with exit code \(self.process.terminationStatus): \(self.errors.text)")
            }
            return nil
        }
        guard let found else { throw Trouble("\(name) did not say within \(limit) where it listens.") }
        return found
    }

    /// Waits until the program has ended by itself.
    public func finished(within limit: Duration) async throws -> Outcome {
        let ended = try await poll(within: limit, every: .milliseconds(20)) {
            !self.process.isRunning && self.output.isComplete && self.errors.isComplete ? true : nil
        }
        guard ended != nil else {
            kill(process.processIdentifier, SIGKILL)
            throw Trouble("\(name) had not ended after \(limit): \(errors.text)")
        }
        return Outcome(status: process.terminationStatus, output: output.data, errors: errors.text)
    }

    /// Asks the program to end, by its process id, and waits until it has. Nil where it had to be killed.
    @discardableResult
    public func stop(signal: Int32 = SIGTERM, within limit: Duration = .seconds(10)) async -> Outcome? {
        if process.isRunning { kill(process.processIdentifier, signal) }
        return try? await finished(within: limit)
    }
}

/// Reads a pipe to its end, on a thread of its own.
private final class Collector: Sendable {
    private struct State {
        var data = Data()
        var isComplete = false
    }

    private let state: Mutex<State>

    init(_ handle: FileHandle) {
        state = Mutex(State())
        Thread.detachNewThread { [self] in
            while case let data = handle.availableData, !data.isEmpty { state.withLock { $0.data += data } }
            state.withLock { $0.isComplete = true }
        }
    }

    var data: Data { state.withLock { $0.data } }
    var text: String { String(decoding: data, as: UTF8.self) }
    var isComplete: Bool { state.withLock { $0.isComplete } }
}

/// The first answer that is not nil, or nil where there is none within `limit`.
public func poll<T: Sendable>(
    within limit: Duration, every pause: Duration = .milliseconds(100), _ question: () async throws -> T?
) async throws -> T? {
    let end = ContinuousClock.now + limit
    while true {
        if let answer = try await question() { return answer }
        if ContinuousClock.now >= end { return nil }
        try await Task.sleep(for: pause)
    }
}
