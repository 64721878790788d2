extension LinearColor {
    /// The luminance (relative, [0, 1]) that is left, whichever kind of cone an eye lacks: of each component, the least weight
    /// that it has for the standard observer, or in the simulations of protanopia, deuteranopia and tritanopia by F. Viénot
    /// (1999) and G. Machado (2009).
    public var leastLuminance: Double { 0.104 * red + 0.656 * green + 0.070 * blue }

    /// The same hue, as light as it takes for `leastLuminance` to reach `luminance`: first brought up, then whitened. For
    /// thin lines that have to be seen by everyone.
    public func readable(luminance: Double) -> LinearColor {
        let own = leastLuminance
        guard own < luminance else { return self }
        guard own > 1e-6 else { return LinearColor(red: luminance, green: luminance, blue: luminance) }
        let bright = scaled(by: min(luminance / own, 1 / max(red, green, blue)))
        guard bright.leastLuminance < luminance * 0.999 else { return bright }
        var low = 0.0, high = 1.0
        for _ in 0..<8 {
            let middle = (low + high) / 2
            if bright.whitened(middle).leastLuminance < luminance { low = middle } else { high = middle }
        }
        return bright.whitened(high)
    }
}
