/// How large the pictures of a stream are, compared to what is drawn.
public enum SizeTier: Int, Sendable, CaseIterable {
    case full = 1
    case half = 2
    case quarter = 4

    /// The size of the tier's pictures, where `width` × `height` pixels are drawn.
    public func size(width: Int, height: Int) -> (width: Int, height: Int) { (width / rawValue, height / rawValue) }
}

/// How many of the frames that are drawn a stream has.
public enum RateTier: Int, Sendable, CaseIterable {
    case full = 1
    case half = 2
    case quarter = 4
}
