/// How a picture is dressed, beside what it shows: ground, light and lettering. Part of a preset.
public struct Look: BitwiseCopyable, Sendable, Equatable {
    /// The background in the middle of the picture.
    public var center: LinearColor
    /// The background in the corners.
    public var corner: LinearColor
    /// Of what belongs to no channel: the symmetry ring, the envelope of Φ, headings.
    public var accent: LinearColor
    /// The strength of the light around bright things: [0, 2]; 1 is the standard, 0 none.
    public var glow: Double
    /// The length of the trails behind what moves: [0, 1]; 0 for none.
    public var trails: Double
    /// Whether names and numbers are written into the picture.
    public var hasLabels: Bool
    /// What colours and light follow. No part of a preset.
    public var colors: ColorRule

    /// The range of `glow`.
    public static let glowRange = 0.0...2.0
    /// The range of `trails`.
    public static let trailsRange = 0.0...1.0

    public init(
        center: LinearColor = LinearColor(red: 0.0085, green: 0.0092, blue: 0.0165),
        corner: LinearColor = LinearColor(red: 0.0022, green: 0.0022, blue: 0.0042),
        accent: LinearColor = LinearColor(sRGB: 1.0, 0.80, 0.36), glow: Double = 1, trails: Double = 0.6,
        hasLabels: Bool = true, colors: ColorRule = ColorRule()
    ) {
        self.center = center
        self.corner = corner
        self.accent = accent
        self.glow = glow
        self.trails = trails
        self.hasLabels = hasLabels
        self.colors = colors
    }

    /// The look at fraction `t` of the way to `other`; labels and colour rule are those of the nearer one.
    public func mixed(with other: Look, _ t: Double) -> Look {
        Look(
            center: center.mixed(with: other.center, t), corner: corner.mixed(with: other.corner, t),
            accent: accent.mixed(with: other.accent, t), glow: glow.interpolated(to: other.glow, t),
            trails: trails.interpolated(to: other.trails, t), hasLabels: t < 0.5 ? hasLabels : other.hasLabels,
            colors: t < 0.5 ? colors : other.colors)
    }
}
