import Synchronization

/// Hands a source to the engine's thread while another runs there.
final class SourceExchange: Sendable {
    /// `@unchecked Sendable`: `source` comes from a `sending` parameter, so nobody else refers to it, and it is taken out of
    /// the exchange once, by the engine's thread alone.
    struct Handover: @unchecked Sendable { let source: any StateSource }

    private let waiting: Mutex<Handover?>

    init(_ source: sending any StateSource) { waiting = Mutex(Handover(source: source)) }

    /// Of several that come between two samples, the newest wins.
    func put(_ source: sending any StateSource) {
        let handover = Handover(source: source)
        waiting.withLock { $0 = handover }
    }

    func take() -> (any StateSource)? {
        waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting?.source
        }
    }
}
