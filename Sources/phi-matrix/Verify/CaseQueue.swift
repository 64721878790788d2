import Synchronization

/// Hands out cases to workers, so that each keeps the size that it has a renderer for as long as there are cases of it.
final class CaseQueue: Sendable {
    private let waiting: Mutex<[[Int]]>

    /// - Parameter groups: Indices of cases, those of one size together.
    init(_ groups: [[Int]]) { waiting = Mutex(groups) }

    /// The next case for a worker that worked on `group` last.
    func next(after group: Int?) -> (group: Int, index: Int)? {
        waiting.withLock { waiting in
            var chosen = group
            if chosen.map({ waiting[$0].isEmpty }) ?? true {
                chosen = waiting.indices.max { waiting[$0].count < waiting[$1].count }
            }
            guard let chosen, !waiting[chosen].isEmpty else { return nil }
            return (chosen, waiting[chosen].removeFirst())
        }
    }
}
