/// Something wrong with a configuration file, and where.
struct ConfigurationFinding: Equatable, Sendable {
    /// From 1 on.
    let line: Int
    let column: Int
    /// What is wrong and what to do, without a full stop.
    let text: String
}
