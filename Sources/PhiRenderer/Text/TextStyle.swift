/// The sizes of text in a picture.
enum TextStyle: Int, CaseIterable {
    case small, body, large, hud

    /// The size on a picture whose shorter side is 720 pixels, in pixels.
    var size: Double {
        switch self {
        case .small: 13
        case .body: 17
        case .large: 26
        case .hud: 14
        }
    }

    /// The smallest size that still reads, pixels.
    static let smallestSize = 9
}
