/// What became of one golden case.
public struct CaseResult: Sendable {
    /// The verdict.
    public enum Outcome: String, Sendable, CaseIterable, Encodable {
        case passed, failed
        /// There is no golden picture.
        case missing
        /// It failed, as is known.
        case knownFailure = "known_failure"
        /// It is known to fail, and passed.
        case unexpectedPass = "unexpected_pass"
        /// It could not be drawn or compared.
        case error
    }

    /// One measurement beside what it should be.
    public struct Measurement: Sendable, Encodable {
        let name: String
        let expected: Double
        let measured: Double
        let tolerance: Double
        let unit: String
        let passed: Bool

        public init(
            name: String, expected: Double, measured: Double, tolerance: Double, unit: String, passed: Bool
        ) {
            self.name = name
            self.expected = expected
            self.measured = measured
            self.tolerance = tolerance
            self.unit = unit
            self.passed = passed
        }

        /// What is wrong, as a sentence.
        var complaint: String {
            "\(name) is \(Self.short(measured))\(unit); \(Self.short(expected))\(unit) ± \(Self.short(tolerance))\(unit) "
                + "would be right."
        }

        private static func short(_ value: Double) -> String {
            value.isFinite ? "\((value * 1_000).rounded() / 1_000)" : "\(value)"
        }
    }

    /// The case.
    public let item: GoldenCase
    /// The verdict.
    public internal(set) var outcome: Outcome
    /// 1: drawn by the golden picture's driver. 2: by another. 0: never compared.
    public internal(set) var tier = 0
    /// Why it did not pass: sentences.
    public internal(set) var reasons: [String] = []
    /// What is wrong with it whatever its golden picture says: sentences.
    public internal(set) var faults: [String] = []
    /// How it differs; nil where it is the same, or was not compared.
    public internal(set) var comparison: Comparison?
    /// What was allowed.
    public let tolerance: GoldenTolerance?
    /// What was measured in it.
    public internal(set) var measurements: [Measurement] = []
    /// What the validation layer said.
    public internal(set) var validation: [String] = []
    /// The picture that was drawn.
    public internal(set) var actual: RasterImage?
    /// The golden picture.
    public internal(set) var expected: RasterImage?
    /// `RasterImage.hash` of what was drawn.
    public internal(set) var actualHash: String?
    /// The approval that holds.
    public internal(set) var approval: Approval?
    /// ms.
    public var renderMilliseconds = 0.0
    public internal(set) var compareMilliseconds = 0.0
    /// Whether reading or writing failed, rather than what was read.
    public internal(set) var isInputOutput = false

    init(_ item: GoldenCase, _ outcome: Outcome, tolerance: GoldenTolerance?) {
        self.item = item
        self.outcome = outcome
        self.tolerance = tolerance
    }

    /// A case that could not be drawn.
    /// - Parameters:
    ///   - error: Why: a sentence.
    ///   - isInputOutput: Whether reading failed, rather than what was read.
    public init(_ item: GoldenCase, error: String, isInputOutput: Bool) {
        self.init(item, .error, tolerance: nil)
        reasons = [error]
        self.isInputOutput = isInputOutput
    }

    /// Whether the run is fine as far as this case goes.
    public var isFine: Bool { outcome == .passed || outcome == .knownFailure }
}
