import ArgumentParser

/// MIN-MAX in Mbit/s: between what the bitrate of live video moves.
struct BitrateRange: ExpressibleByArgument, Equatable, CustomStringConvertible {
    /// Mbit/s that can be asked for.
    static let limits = 0.1...100.0

    let least: Double
    let most: Double

    init(least: Double, most: Double) {
        self.least = least
        self.most = most
    }

    init?(argument: String) {
        let parts = argument.split(separator: "-", omittingEmptySubsequences: false).map { Double($0) }
        guard parts.count == 2, let least = parts[0], let most = parts[1] else { return nil }
        self.init(least: least, most: most)
    }

    var description: String { "\(least)-\(most)" }

    /// Bits a second.
    var bitsPerSecond: ClosedRange<Int> { Int(least * 1e6)...Int(most * 1e6) }

    func validate() throws {
        guard Self.limits.contains(least), Self.limits.contains(most), least <= most else {
            throw ValidationError(
                "The bitrate cannot move over \(self) Mbit/s; give --bitrate MIN-MAX with 0.1 to 100, the smaller first"
            )
        }
    }
}
