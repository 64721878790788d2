/// A mistake or a misfortune that a command reports itself.
struct CommandError: Error, CustomStringConvertible {
    let status: ExitStatus
    /// One sentence: what is wrong, and what to do.
    let description: String

    init(_ status: ExitStatus, _ description: String) {
        self.status = status
        self.description = description
    }
}
