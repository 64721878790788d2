import NIOCore

/// Writes down what one WebSocket's client changes. A client that turns a knob sends many messages a second: they become
/// one line a second, with their number. Lives on the event loop of its connection.
final class SessionAudit {
    /// Where a connection comes from, and by what right.
    struct Origin: Sendable {
        let requestID: RequestID
        let address: String?
        let path: String
        let actor: AuditActor
    }

    private struct Line: Hashable {
        let action: String
        let isRefused: Bool
    }

    private struct Count {
        var pending = 0
        var written: NIODeadline
    }

    private static let pause = TimeAmount.seconds(1)

    private let log: AuditLog?
    private let origin: Origin
    private var counts: [Line: Count] = [:]

    /// - Parameter log: Nil where nothing is to be written down.
    init(log: AuditLog?, origin: Origin) {
        self.log = log
        self.origin = origin
    }

    /// - Parameter action: The type of the message: one of those that the server knows.
    func record(_ action: String, isRefused: Bool, at now: NIODeadline = .now()) {
        guard log != nil else { return }
        let line = Line(action: action, isRefused: isRefused)
        if var count = counts[line], now - count.written < Self.pause {
            count.pending += 1
            counts[line] = count
            return
        }
        let number = (counts[line]?.pending ?? 0) + 1
        counts[line] = Count(written: now)
        write(line, number)
    }

    /// Writes down what has been counted only; the connection is over.
    func end() {
        for (line, count) in counts where count.pending > 0 { write(line, count.pending) }
        counts = [:]
    }

    private func write(_ line: Line, _ number: Int) {
        log?.record(
            AuditEntry(
                requestID: origin.requestID, address: origin.address, method: "WS", path: origin.path,
                status: line.isRefused ? 403 : 202, actor: origin.actor, action: line.action, count: number))
    }
}
