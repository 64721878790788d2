/// The names of numbered files: a path with one %d, or %05d for five digits with zeros in front.
struct FramePattern: Sendable, Equatable, CustomStringConvertible {
    /// As it was given.
    let description: String
    private let before: String
    private let after: String
    /// The fewest digits.
    private let digits: Int

    /// Nil where there is no %d in the file's name, or more than one, or another %.
    init?(_ text: String) {
        guard let match = text.firstMatch(of: /%(?:0([1-9]))?d/) else { return nil }
        before = String(text[..<match.range.lowerBound])
        after = String(text[match.range.upperBound...])
        guard !before.contains("%"), !after.contains("%"), !after.contains("/") else { return nil }
        digits = match.1.flatMap { Int($0) } ?? 1
        description = text
    }

    /// The path of file `number`, from 0.
    func path(_ number: Int) -> String {
        let text = String(number)
        return before + String(repeating: "0", count: max(digits - text.count, 0)) + text + after
    }
}
