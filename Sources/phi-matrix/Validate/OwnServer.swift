import Foundation
import Synchronization

/// A server of this program that is started to be examined, on a free port of the loopback device and with a data directory of
/// its own, which is removed at the end.
final class OwnServer: Sendable {
    private let process: Process
    private let folder: URL
    private let output = Mutex("")
    private let log = Mutex("")

    /// Seconds until the first frame.
    private static let patience = 60.0

    /// - Parameter arguments: Given to `serve` in addition.
    /// - Throws: `CommandError`.
    init(_ arguments: [String]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "phi-matrix-validate-\(UUID().uuidString)")
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["serve", "--port", "0", "--data-dir", folder.path] + arguments
        var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("SOUNDLAB_") }
        environment["SOUNDLAB_LOG_FORMAT"] = "json"
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        let outputPipe = Pipe(), logPipe = Pipe()
        process.standardOutput = outputPipe
        process.standardError = logPipe
        outputPipe.fileHandleForReading.readabilityHandler = { [self] handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil }
            output.withLock { $0 += String(decoding: data, as: UTF8.self) }
        }
        logPipe.fileHandleForReading.readabilityHandler = { [self] handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil }
            log.withLock { $0 += String(decoding: data, as: UTF8.self) }
        }
        do { try Self.withoutBlockedSignals { try process.run() } } catch {
            throw CommandError(.internal, "A server cannot be started to be examined.")
        }
    }

    /// A child inherits the signal mask of the thread that starts it, and threads of the runtime block SIGTERM.
    private static func withoutBlockedSignals(_ start: () throws -> Void) rethrows {
        var none = sigset_t()
        var before = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try start()
    }

    /// What it has logged so far.
    var text: String { log.withLock { $0 } }

    /// Its address, once it shows a picture.
    /// - Throws: `CommandError` where it ended, or took too long.
    func address() async throws -> String {
        let end = ContinuousClock.now + .seconds(Self.patience)
        while ContinuousClock.now < end {
            if let line = output.withLock({ $0.split(separator: "\n").first.map(String.init) }) { return line }
            guard process.isRunning else {
                let last = text.split(separator: "\n").last.map(String.init) ?? "it said nothing"
                throw CommandError(.unavailable, "The server that was to be examined ended at once: \(last)")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw CommandError(
            .unavailable, "The server that was to be examined has shown no picture for \(Int(Self.patience)) s.")
    }

    /// Asks it to end, and kills it where it does not; removes what it wrote.
    /// - Returns: Its exit code, and how long it took to end, s.
    @discardableResult
    func stop() async -> (status: Int32, seconds: Double) {
        let began = ContinuousClock.now
        if process.isRunning { process.terminate() }
        while process.isRunning {
            if ContinuousClock.now - began > .seconds(10) { kill(process.processIdentifier, SIGKILL) }
            try? await Task.sleep(for: .milliseconds(20))
        }
        // Its data directory is a scratch one; what cannot be removed of it harms nobody.
        try? FileManager.default.removeItem(at: folder)
        return (process.terminationStatus, (ContinuousClock.now - began) / .seconds(1))
    }
}
