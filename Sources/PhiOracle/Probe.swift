/// One measurement in a picture, beside what it should be.
public struct Probe: Sendable, Equatable {
    /// What was measured, such as "hue of CH3" or "width of the link CH1–CH4".
    public let name: String
    /// What the domain says, in the unit of `unit`.
    public let expected: Double
    /// What the picture shows.
    public let measured: Double
    /// How far the two may be apart.
    public let tolerance: Double
    /// The unit, such as "°", "px" or "" for a share.
    public let unit: String

    public init(name: String, expected: Double, measured: Double, tolerance: Double, unit: String = "") {
        self.name = name
        self.expected = expected
        self.measured = measured
        self.tolerance = tolerance
        self.unit = unit
    }

    /// Whether the picture is right here. A measurement that is no number is wrong.
    public var passes: Bool { abs(measured - expected) <= tolerance }
}
