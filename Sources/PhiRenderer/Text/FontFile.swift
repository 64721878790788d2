import Glibc

/// Where the fonts are.
public enum FontFile {
    /// In the order of preference; the first is what pictures are designed with.
    public static let candidates = [
        "/usr/share/fonts/opentype/inter/Inter-Medium.otf",
        "/usr/share/fonts/truetype/inter/Inter-Medium.ttf",
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    ]

    static func find() throws(RendererError) -> String {
        for path in candidates where access(path, R_OK) == 0 { return path }
        throw .noFont
    }
}
