import ImageVerify

/// Whether a picture can be looked at, whatever it is to show.
public enum FrameSanity {
    /// The fewest colours that a picture has which shows anything.
    public static let fewestColors = 24
    /// The mean luma (0 … 255, Rec. 709) below which nothing is seen on a display.
    public static let darkestLuma = 2.0

    /// One sentence for each thing that is wrong with `image` however one looks at it; none for a sound picture.
    public static func faults(_ image: RasterImage) -> [String] {
        var faults: [String] = []
        var colors: Set<UInt32> = []
        var luma = 0.0, translucent = 0
        image.bytes.withUnsafeBufferPointer { bytes in
            for n in stride(from: 0, to: bytes.count, by: 4) {
                let red = bytes[n], green = bytes[n + 1], blue = bytes[n + 2]
                luma += 0.2126 * Double(red) + 0.7152 * Double(green) + 0.0722 * Double(blue)
                if bytes[n + 3] != 255 { translucent += 1 }
                // Whether there are enough is all that is asked.
                if colors.count < fewestColors {
                    colors.insert(UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue))
                }
            }
        }
        luma /= Double(image.width * image.height)
        if colors.count < fewestColors {
            faults.append(
                "The picture is blank: it has \(colors.count) \(colors.count == 1 ? "colour" : "colours"), "
                    + "at least \(fewestColors) are expected.")
        }
        if luma < darkestLuma {
            let tenths = (luma * 10).rounded() / 10
            faults.append("The picture is too dark to be seen: its mean luma is \(tenths) of 255.")
        }
        if translucent > 0 {
            faults.append(
                "The picture is not opaque: alpha is other than 255 in \(translucent) "
                    + "\(translucent == 1 ? "pixel" : "pixels").")
        }
        return faults
    }
}
