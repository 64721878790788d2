import PhiModel

/// Where an area of known colour ends.
enum EdgeSearch {
    /// The distance along a way at which the light is half way from the colour inside to that outside, with parts of a pixel
    /// by how much of it is covered.
    /// - Parameters:
    ///   - pixels: The light on the way, a pixel a step, from the inside to the outside.
    ///   - outside: Nil where it is that of the last pixel.
    /// - Returns: Pixels from the beginning of the first pixel; nil where the light never changes.
    static func crossing(_ pixels: [LinearColor], inside: LinearColor, outside: LinearColor? = nil) -> Double? {
        guard let outside = outside ?? pixels.last else { return nil }
        let dr = outside.red - inside.red, dg = outside.green - inside.green, db = outside.blue - inside.blue
        let square = dr * dr + dg * dg + db * db
        guard square > 0 else { return nil }
        var last = 0.0
        for (n, pixel) in pixels.enumerated() {
            let share =
                ((pixel.red - inside.red) * dr + (pixel.green - inside.green) * dg + (pixel.blue - inside.blue) * db)
                / square
            if share >= 0.5 {
                // The middle of pixel n is at n + 0.5. A hard edge lies between two middles, one that cuts a pixel in it.
                guard n > 0, share > last else { return n > 0 ? Double(n) : nil }
                return Double(n) - 0.5 + (0.5 - last) / (share - last)
            }
            last = share
        }
        return nil
    }
}
