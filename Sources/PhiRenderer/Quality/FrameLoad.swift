import Foundation

/// What frames cost of late, and how many of them cost too much: exponential means over time, so that neither an outlier
/// nor the number of frames a second decides.
struct FrameLoad: BitwiseCopyable {
    /// What a frame may take, s.
    let budget: Double
    /// The mean of about the last second and a half, s; 0 before the first frame.
    private(set) var cost = 0.0
    /// The share of the time that went into frames over the budget: over a third of a second, and over two seconds; 0 … 1.
    private(set) var overNow = 0.0
    private(set) var overOfLate = 0.0
    private var frames = 0
    /// s.
    private var watched = 0.0
    /// The frames over the budget since the last time that was free of them.
    private var overCost = 0.0
    private var overFrames = 0

    /// A single frame, however slow, moves a mean by no more than this share: alone it brings none over its limit.
    private static let mostOfAFrame = (now: 0.3, ofLate: 0.1)

    init(budget: Double) { self.budget = budget }

    /// Takes a frame of `cost` seconds that stands for `duration` seconds.
    mutating func add(_ frameCost: Double, isLate: Bool, duration: Double) {
        frames += 1
        watched += duration
        // One that took a whole second says no more about the next frames than one that took four times the usual.
        let frameCost = min(frameCost, 4 * max(budget, cost))
        cost += max(min(1 - exp(-duration / 1.5), Self.mostOfAFrame.ofLate), 1 / Double(frames)) * (frameCost - cost)
        // A cheap frame that came late was held up by something that no level changes.
        let isOver = frameCost > budget || (isLate && frameCost > 0.6 * budget)
        let over = isOver ? 1.0 : 0
        overNow += min(1 - exp(-duration / 0.35), Self.mostOfAFrame.now) * (over - overNow)
        overOfLate += min(1 - exp(-duration / 2), Self.mostOfAFrame.ofLate) * (over - overOfLate)
        if isOver {
            overCost += frameCost
            overFrames += 1
        } else if overNow < 0.05 {
            overCost = 0
            overFrames = 0
        }
    }

    /// What frames cost where they cost too much, s; nil where they do not.
    var overload: Double? {
        if overNow > 0.5, overFrames > 1 { return overCost / Double(overFrames) }
        // Every fourth frame is too slow: no burst, but no steady rate either.
        if overOfLate > 0.25 { return max(cost, budget) }
        return nil
    }

    /// Whether frames were watched for `seconds`, so that `cost` says something.
    func isSettled(after seconds: Double) -> Bool { watched >= seconds }

    /// Whether hardly any frame is over the budget.
    var isCalm: Bool { overOfLate < 0.1 && overNow < 0.3 }
}
