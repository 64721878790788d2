/// A secret that clients are to know. It cannot be printed.
struct AccessToken: Sendable, CustomStringConvertible, CustomReflectable {
    private let bytes: [UInt8]

    /// Nil for an empty text, which guards nothing.
    init?(_ text: String) {
        guard !text.isEmpty else { return nil }
        bytes = Array(text.utf8)
    }

    /// Takes as long for any two texts of the same length: the time tells nothing of how much of a guess was right.
    @inline(never)
    func matches(_ guess: String) -> Bool {
        let guess = Array(guess.utf8)
        var difference: UInt8 = guess.count == bytes.count ? 0 : 1
        for k in guess.indices { difference |= guess[k] ^ bytes[k % bytes.count] }
        return difference == 0
    }

    var description: String { "(secret)" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
