import PhiModel

/// A large opaque area with round corners, shaded from `top` to `bottom`; pixels.
struct Tile {
    var x: Double, y: Double, width: Double, height: Double
    var radius: Double
    var top: LinearColor, bottom: LinearColor
}

extension Canvas {
    /// Draws `count` tiles. Only the corners pay for soft edges, the rest is moved to whole pixels; and all corners come
    /// first, because changing between kinds of shapes is what costs.
    func tiles(_ count: Int, _ tile: (Int) -> Tile) {
        for n in 0..<count { drawCorners(tile(n)) }
        for n in 0..<count { drawBody(tile(n)) }
    }

    /// Where a tile is on whole pixels.
    private struct Place {
        let left: Double, upper: Double, right: Double, lower: Double
        let radius: Double

        init(_ tile: Tile) {
            left = tile.x.rounded()
            upper = tile.y.rounded()
            right = (tile.x + tile.width).rounded()
            lower = (tile.y + tile.height).rounded()
            radius = min(tile.radius, min(right - left, lower - upper) / 2).rounded(.up)
        }
    }

    private func shade(_ tile: Tile, _ place: Place, at y: Double) -> Ink {
        let end = quality.hasGradients ? tile.bottom : tile.top
        return Ink(tile.top.mixed(with: end, (y - place.upper) / (place.lower - place.upper)))
    }

    private func drawCorners(_ tile: Tile) {
        let place = Place(tile), r = place.radius
        for corner in 0..<4 {
            let x = corner % 2 == 0 ? place.left : place.right - 2 * r
            let y = corner < 2 ? place.upper : place.lower - 2 * r
            box(
                x: x, y: y, width: 2 * r, height: 2 * r, radius: r, top: shade(tile, place, at: y),
                bottom: shade(tile, place, at: y + 2 * r))
        }
    }

    private func drawBody(_ tile: Tile) {
        let place = Place(tile), r = place.radius
        func part(left: Double, upper: Double, right: Double, lower: Double) {
            fill(
                x: left, y: upper, width: right - left, height: lower - upper, top: shade(tile, place, at: upper),
                bottom: shade(tile, place, at: lower))
        }
        part(left: place.left + r, upper: place.upper, right: place.right - r, lower: place.upper + r)
        part(left: place.left, upper: place.upper + r, right: place.right, lower: place.lower - r)
        part(left: place.left + r, upper: place.lower - r, right: place.right - r, lower: place.lower)
    }
}
