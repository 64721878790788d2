import PhiModel

/// Unknown colours from pixels that mix them by known weights: linear least squares with three right-hand sides.
struct ColorLeastSquares {
    private let count: Int
    private var normal: [Double]
    private var right: [Double]
    private var square = 0.0
    /// How many pixels were added.
    private(set) var pixels = 0

    /// - Parameter count: How many unknown colours there are.
    init(count: Int) {
        self.count = count
        normal = [Double](repeating: 0, count: count * count)
        right = [Double](repeating: 0, count: count * 3)
    }

    /// Adds a pixel: `color` = Σ weights · unknown colours.
    mutating func add(_ weights: [Double], _ color: LinearColor) {
        for i in 0..<count {
            let w = weights[i]
            if w == 0 { continue }
            for j in i..<count { normal[i * count + j] += w * weights[j] }
            right[i * 3] += w * color.red
            right[i * 3 + 1] += w * color.green
            right[i * 3 + 2] += w * color.blue
        }
        square += color.red * color.red + color.green * color.green + color.blue * color.blue
        pixels += 1
    }

    /// The unknown colours, and the mean square of what they leave unexplained in a pixel.
    func solved() -> (colors: [LinearColor], error: Double)? {
        guard pixels > count else { return nil }
        var matrix = normal, solution = right
        for i in 0..<count {
            // An unknown of which no pixel has anything becomes black instead of anything.
            matrix[i * count + i] += 1e-9
            for j in 0..<i { matrix[i * count + j] = matrix[j * count + i] }
        }
        // Symmetric and positive definite: elimination needs no pivots.
        for i in 0..<count {
            let pivot = matrix[i * count + i]
            guard pivot > 0 else { return nil }
            for r in (i + 1)..<max(count, i + 1) {
                let factor = matrix[r * count + i] / pivot
                if factor == 0 { continue }
                for c in i..<count { matrix[r * count + c] -= factor * matrix[i * count + c] }
                for c in 0..<3 { solution[r * 3 + c] -= factor * solution[i * 3 + c] }
            }
        }
        for i in stride(from: count - 1, through: 0, by: -1) {
            for c in 0..<3 {
                var sum = solution[i * 3 + c]
                for j in (i + 1)..<max(count, i + 1) { sum -= matrix[i * count + j] * solution[j * 3 + c] }
                solution[i * 3 + c] = sum / matrix[i * count + i]
            }
        }
        var explained = 0.0
        for n in 0..<(count * 3) { explained += solution[n] * right[n] }
        let colors = (0..<count).map {
            LinearColor(red: solution[$0 * 3], green: solution[$0 * 3 + 1], blue: solution[$0 * 3 + 2])
        }
        return (colors, max(square - explained, 0) / Double(pixels))
    }
}
