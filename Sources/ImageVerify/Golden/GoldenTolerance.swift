/// How far a picture may be from its golden picture.
public struct GoldenTolerance: Sendable, Equatable, Decodable {
    /// What is allowed where another driver drew the golden picture.
    public struct OtherDriver: Sendable, Equatable, Decodable {
        /// The mean of FLIP, [0, 1].
        public let flipMean: Double
        /// What 99 % of the pixels may reach of FLIP, [0, 1].
        public let flipP99: Double
    }

    /// A pixel beyond this difference of a component, 0 … 255 levels, is an outlier.
    public let maxDifference: Int
    /// The share of outliers, [0, 1].
    public let outliers: Double
    /// The mean of FLIP, [0, 1].
    public let flipMean: Double
    /// Another driver may round and rasterise otherwise.
    public let otherDriver: OtherDriver
    /// Why it is so wide, and no wider.
    public let why: String

    /// What design and practice ask for where nothing else is said: one driver draws the same but for a few pixels that move by
    /// two or three levels with the processor; another driver places edges and rounds otherwise, which nobody sees.
    public static let standard = GoldenTolerance(
        maxDifference: 3, outliers: 0.0002, flipMean: 0.002, otherDriver: OtherDriver(flipMean: 0.02, flipP99: 0.1),
        why: "the standard")

    /// What is out of range, as the end of a sentence; nil where all is well.
    var fault: String? {
        if !(0...255).contains(maxDifference) { return "has a max_difference of \(maxDifference); give 0 to 255" }
        for (name, value) in [
            ("outliers", outliers), ("flip_mean", flipMean), ("other_driver.flip_mean", otherDriver.flipMean),
            ("other_driver.flip_p99", otherDriver.flipP99),
        ] where !(0...1).contains(value) {
            return "has \(name) \(value); give 0 to 1"
        }
        return why.isEmpty ? "does not say why" : nil
    }
}
