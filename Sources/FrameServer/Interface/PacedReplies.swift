import NIOCore

/// Holds replies back so that no more than one goes out in an interval. Of several about the same thing the newest goes; the
/// last one about each always does.
struct PacedReplies<Key: Hashable, Reply> {
    private let interval: TimeAmount
    private var waiting: [(key: Key, reply: Reply)] = []
    private var last: NIODeadline?

    init(every interval: TimeAmount) { self.interval = interval }

    /// When the next of those that wait is due; nil where none waits.
    var deadline: NIODeadline? { waiting.isEmpty ? nil : last.map { $0 + interval } ?? .distantPast }

    /// Takes a reply. Returns what may go out now.
    mutating func offer(_ reply: Reply, about key: Key, at now: NIODeadline) -> Reply? {
        if let place = waiting.firstIndex(where: { $0.key == key }) {
            waiting[place].reply = reply
        } else {
            waiting.append((key, reply))
        }
        return due(at: now)
    }

    /// What may go out now.
    mutating func due(at now: NIODeadline) -> Reply? {
        guard let deadline, deadline <= now else { return nil }
        last = now
        return waiting.removeFirst().reply
    }
}
