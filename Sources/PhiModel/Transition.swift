/// How one picture gives way to another.
public struct Transition: BitwiseCopyable, Sendable, Equatable {
    /// The ways there are.
    public enum Style: UInt8, BitwiseCopyable, Sendable, CaseIterable {
        /// Both are blended, in linear light.
        case crossFade
        /// The new picture opens along a golden spiral from the middle.
        case spiral
        /// The new picture comes through in cells, in the order of the golden ratio's low-discrepancy sequence.
        case dissolve

        /// The name used on the command line, on the wire and in presets.
        public var name: String {
            switch self {
            case .crossFade: "cross-fade"
            case .spiral: "spiral"
            case .dissolve: "dissolve"
            }
        }

        /// The style of a name, if it is one.
        public init?(name: String) {
            guard let style = Self.allCases.first(where: { $0.name == name }) else { return nil }
            self = style
        }
    }

    /// The way.
    public var style: Style
    /// How long it takes: s, [0, 5]; 0 for at once.
    public var seconds: Double

    /// The range of `seconds`.
    public static let secondsRange = 0.0...5.0

    /// The transition where nothing is said of one.
    public static let standard = Transition(style: .crossFade, seconds: 0.8)
    /// No transition: the new picture with the next frame.
    public static let none = Transition(style: .crossFade, seconds: 0)

    public init(style: Style, seconds: Double) {
        self.style = style
        self.seconds = seconds
    }
}
