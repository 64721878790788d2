/// Asks for key frames at even distances, so that a file can be sought in and a stream be joined.
public struct KeyRhythm: Sendable {
    private let interval: UInt64
    private var due: UInt64?
    private var hasAsked = false

    /// - Parameter seconds: Between two key frames.
    public init(seconds: Double) { interval = UInt64(seconds * 1e6) }

    /// Whether to ask for a key frame now, after this frame.
    /// - Parameter time: Of its presentation, µs; grows.
    public mutating func isKeyDue(at time: UInt64, isKey: Bool) -> Bool {
        guard let due else {
            self.due = time + interval
            return false
        }
        guard time >= due else { return false }
        if isKey {
            // On the grid of the first frame: lateness does not add up.
            self.due = due + ((time - due) / interval + 1) * interval
            hasAsked = false
            return false
        }
        defer { hasAsked = true }
        return !hasAsked
    }
}
