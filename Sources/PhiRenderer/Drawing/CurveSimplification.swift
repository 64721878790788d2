/// Leaves out points of a curve that nobody would see missing: a strip of few long pieces is drawn much faster than one of
/// many short ones.
enum CurveSimplification {
    /// The longest run of points that one piece replaces.
    private static let longestRun = 16

    /// Moves the points that are kept to the front and returns how many they are; the first and the last always are.
    ///
    /// Greedy: a piece reaches as far as every point between its ends is within `tolerance` of it.
    /// - Parameter tolerance: In the unit of the points.
    static func simplify(_ points: UnsafeMutableBufferPointer<SIMD4<Float>>, tolerance: Float) -> Int {
        guard points.count > 2 else { return points.count }
        var kept = 1
        var anchor = 0
        while anchor < points.count - 1 {
            var end = anchor + 1
            while end + 1 < points.count, end - anchor < longestRun,
                isClose(points, from: anchor, to: end + 1, tolerance: tolerance)
            {
                end += 1
            }
            // `kept` never passes `end`, so that nothing is overwritten that is still to be read.
            points[kept] = points[end]
            kept += 1
            anchor = end
        }
        return kept
    }

    private static func isClose(
        _ points: UnsafeMutableBufferPointer<SIMD4<Float>>, from: Int, to: Int, tolerance: Float
    ) -> Bool {
        let a = points[from], b = points[to]
        let dx = b.x - a.x, dy = b.y - a.y
        let square = dx * dx + dy * dy
        for n in (from + 1)..<to {
            let px = points[n].x - a.x, py = points[n].y - a.y
            let cross = px * dy - py * dx
            // Behind the start, or beyond the end: a turn.
            let along = px * dx + py * dy
            if along < 0 || along > square || cross * cross > tolerance * tolerance * square { return false }
        }
        return true
    }
}
