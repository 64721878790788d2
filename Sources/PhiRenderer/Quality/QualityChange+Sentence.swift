import Foundation

extension QualityChange {
    /// What happened, in words, such as "Quality 5 → 3: frames took 21.4 ms of the 16.7 ms there are."
    /// - Parameter fps: Frames a second that are to be held, above 0.
    public func sentence(fps: Int) -> String {
        let step = "Quality \(from) → \(to)"
        let cost = String(format: "%.1f", frameMilliseconds)
        let budget = String(format: "%.1f", 1_000 / Double(max(fps, 1)))
        return switch reason {
        case .chosen: "\(step), as chosen."
        case .overload: "\(step): frames took \(cost) ms of the \(budget) ms there are."
        case .headroom: "\(step): frames took only \(cost) ms of the \(budget) ms there are."
        }
    }
}
