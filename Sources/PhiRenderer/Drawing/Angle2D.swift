import Glibc

/// A direction by its cosine and sine, computed on the processor, so that every driver draws the same.
struct Angle2D {
    let cosine: Double
    let sine: Double

    init(radians: Double) {
        cosine = cos(radians)
        sine = sin(radians)
    }
}
