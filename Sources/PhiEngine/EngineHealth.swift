/// How an engine fares, for people.
public struct EngineHealth: Sendable, Equatable {
    /// Whether states come as they should.
    public enum Condition: String, Sendable {
        /// They do.
        case running
        /// They do not at present, and it is being tried again.
        case waiting
        /// They never will again; another engine has to be chosen.
        case failed
    }

    public var condition: Condition
    /// One sentence: what is wrong, or where the engine stands; nil where there is nothing to say.
    public var detail: String?
    /// What was counted, such as messages that could not be read, by name.
    public var counts: [String: UInt64]

    public init(_ condition: Condition, _ detail: String? = nil, counts: [String: UInt64] = [:]) {
        self.condition = condition
        self.detail = detail
        self.counts = counts
    }
}
