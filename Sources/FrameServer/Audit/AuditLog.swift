import Dispatch
import Glibc
public import Logging
import NIOCore
import Synchronization
public import Telemetry

/// A file that takes one JSON object a line for every call that changes something. Lines are added at the end and written
/// beside the event loops; a file that was moved away is begun anew, so that the host can rotate it.
public final class AuditLog: Sendable {
    /// The file cannot be written.
    public struct Unwritable: Error, CustomStringConvertible {
        let path: String
        let cause: String

        /// What is wrong and what to do.
        public var description: String {
            "The audit log \(path) cannot be written (\(cause)); mend that or choose another file with SOUNDLAB_AUDIT_LOG."
        }
    }

    /// Lines that wait to be written, at most.
    private static let mostWaiting = 4_096

    private let path: String
    private let logger: Logger
    private let lost: CounterSeries
    private let queue = DispatchQueue(label: "audit-log")
    private let waiting = Atomic(0)
    private let file: Mutex<AuditFile>

    /// Opens the file, or makes it, readable for its owner and group.
    /// - Parameter registry: Where lines are counted that could not be written.
    public init(path: String, registry: PrometheusRegistry, logger: Logger) throws(Unwritable) {
        self.path = path
        self.logger = logger
        registry.describe("soundlab_audit_lost_total", "Lines of the audit log that could not be written.")
        lost = registry.counter("soundlab_audit_lost_total")
        guard let opened = AuditFile(path) else {
            throw Unwritable(path: path, cause: String(cString: strerror(errno)))
        }
        file = Mutex(opened)
    }

    deinit { file.withLock { $0.end() } }

    /// Adds a line. Returns at once; a line too many is counted and left out.
    func record(_ entry: AuditEntry) {
        guard waiting.add(1, ordering: .relaxed).newValue <= Self.mostWaiting else {
            waiting.subtract(1, ordering: .relaxed)
            lost.increment(by: Int64(1))
            return
        }
        queue.async { [self] in
            waiting.subtract(1, ordering: .relaxed)
            guard var line = try? WireJSON.encode(entry) else { return }
            line.writeStaticString("\n")
            file.withLock { write(line, to: &$0) }
        }
    }

    /// Waits until everything that was recorded has been written. Blocks: not for an event loop.
    func flush() { queue.sync {} }

    private func write(_ line: ByteBuffer, to file: inout AuditFile) {
        guard !line.withUnsafeReadableBytes({ file.append($0, path: path) }) else { return }
        let cause = String(cString: strerror(errno))
        lost.increment(by: Int64(1))
        let now = NIODeadline.now()
        if let last = file.reportedAt, now.uptimeNanoseconds - last < 60_000_000_000 { return }
        file.reportedAt = now.uptimeNanoseconds
        logger.error(
            "The audit log cannot be written; changes are made all the same.",
            metadata: ["file": "\(path)", "cause": "\(cause)"])
    }
}
