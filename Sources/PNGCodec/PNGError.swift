/// Why a picture could not be written as PNG or read from one. Each description is the end of a sentence that names the file.
public enum PNGError: Error, Equatable, CustomStringConvertible {
    /// libpng refused, with its own words.
    case notEncoded(reason: String)
    /// The bytes do not begin as a PNG does.
    case notPNG
    /// The file ends early, or a checksum is wrong.
    case damaged(reason: String)
    /// Larger than `PNGDecoder.sides` or `PNGDecoder.largestArea`.
    case tooLarge(width: UInt32, height: UInt32)
    /// A kind of PNG that is refused because its pixels are not plain 8-bit components.
    case unsupported(String)

    public var description: String {
        switch self {
        case .notEncoded(let reason): "could not be encoded as PNG (\(reason))"
        case .notPNG: "is no PNG; give a PNG file"
        case .damaged(let reason): "is damaged or not whole (\(reason)); make it anew"
        case .tooLarge(let width, let height):
            "says it has \(width)x\(height) pixels; no side may be longer than \(PNGDecoder.sides.upperBound) pixels, "
                + "and there may be \(PNGDecoder.largestArea) at most"
        case .unsupported(let kind):
            "is \(kind); save it with 8 bits a component as RGB or RGBA, not interlaced"
        }
    }
}
