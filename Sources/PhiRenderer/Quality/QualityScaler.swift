/// Decides how much is drawn, so that the frame rate holds: falls at once where frames take too long, and climbs a level
/// after seconds in which the next one would have fitted.
///
/// Plain arithmetic on a few numbers; nothing is allocated.
struct QualityScaler: BitwiseCopyable {
    /// What is drawn now.
    private(set) var level: QualityLevel

    private let budget: Double
    private var model: CostModel
    private var patience = ClimbPatience()
    private var load: FrameLoad
    /// Time during which frames came, s: a standstill does not count.
    private var clock = 0.0
    /// When the last frame came, s of the caller's clock.
    private var lastTime: Double?
    /// How long there has been time to spare, s.
    private var headroom = 0.0
    /// Frames still to come that were begun before the last change.
    private var framesToSkip = Self.framesInFlight
    /// The last change, until what it brought has been learnt.
    private var lesson: Lesson?

    private struct Lesson: BitwiseCopyable {
        var level: Int
        var cost: Double
    }

    /// As many frames as the renderer works on at a time, at most.
    private static let framesInFlight = 3
    /// A level fits where it is predicted to take no more than this share of the time there is.
    private static let fallTarget = 0.85
    private static let climbTarget = 0.8
    /// How long a level is watched before its cost is taken for settled, s.
    private static let settling = 1.0

    /// - Parameters:
    ///   - fps: Frames a second to hold.
    ///   - level: What is drawn to begin with.
    ///   - profile: What levels cost on the device that draws.
    init(fps: Int, level: QualityLevel, profile: CostModel.Profile = .pixels) {
        self.level = level
        model = CostModel(profile)
        budget = 1 / Double(max(fps, 1))
        load = FrameLoad(budget: budget)
    }

    /// Takes a level that somebody chose, and goes on from there.
    mutating func set(level: QualityLevel) {
        self.level = level
        patience.forgetClimbs()
        lesson = nil
        startOver()
    }

    /// Takes what a finished frame cost, and returns the change that follows from it, if one does.
    /// - Parameters:
    ///   - cost: How long the frame kept processor and device busy, s.
    ///   - isLate: Whether frames were skipped because of it.
    ///   - time: s of any steady clock.
    mutating func frame(cost: Double, isLate: Bool, at time: Double) -> QualityChange? {
        guard cost.isFinite, cost >= 0 else { return nil }
        let passed = max(time - (lastTime ?? time), 0)
        lastTime = time
        guard framesToSkip == 0 else {
            framesToSkip -= 1
            return nil
        }
        // Where frames stayed away, this one does not speak for the time without them.
        let duration = min(passed, max(4 * budget, 2 * cost))
        clock += duration
        patience.pass(clock)
        load.add(cost, isLate: isLate, duration: duration)
        return fall() ?? climb(after: duration)
    }

    private mutating func fall() -> QualityChange? {
        guard level.level > 0, let cost = load.overload else { return nil }
        learn(cost)
        var target = level.level - 1
        if !patience.isTrying(level.level, at: clock) {
            while target > 0, !isWorthwhile(target, cost) { target -= 1 }
        }
        patience.fell(from: level.level, at: clock)
        return change(to: target, .overload, cost: cost)
    }

    /// Whether a level brings the cost down to what there is time for, rather than hardly changing it.
    private func isWorthwhile(_ target: Int, _ cost: Double) -> Bool {
        model.saves(target, comparedWith: level.level)
            && model.predict(cost, at: level.level, for: target) <= Self.fallTarget * budget
    }

    private mutating func climb(after duration: Double) -> QualityChange? {
        if load.isSettled(after: Self.settling) { learn(load.cost) }
        let next = level.level + 1
        guard next <= QualityLevel.full.level, load.isCalm,
            model.predict(load.cost, at: level.level, for: next) <= Self.climbTarget * budget
        else {
            headroom = 0
            return nil
        }
        headroom += duration
        guard headroom >= patience.wait(for: next) else { return nil }
        patience.climbed(to: next, at: clock)
        return change(to: next, .headroom, cost: load.cost)
    }

    /// Compares the cost with that before the last change, once.
    private mutating func learn(_ cost: Double) {
        guard let lesson else { return }
        model.learn(from: lesson.level, costing: lesson.cost, to: level.level, costing: cost)
        self.lesson = nil
    }

    private mutating func change(
        to target: Int, _ reason: QualityChange.Reason, cost: Double
    ) -> QualityChange? {
        guard let new = QualityLevel(target) else { return nil }
        let change = QualityChange(
            from: level.level, to: target, reason: reason, frameMilliseconds: 1_000 * cost)
        lesson = Lesson(level: level.level, cost: cost)
        level = new
        startOver()
        return change
    }

    private mutating func startOver() {
        load = FrameLoad(budget: budget)
        headroom = 0
        framesToSkip = Self.framesInFlight
    }
}
