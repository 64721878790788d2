@testable import PhiRenderer

/// A renderer in simulated time: frames are due at a cadence, wait for each other, and are done by a machine whose cost
/// for a frame is a function of the level and the time. Changes reach the frames that are begun after them.
struct SimulatedMachine {
    struct Step: Equatable {
        let time: Double
        let change: QualityChange
    }

    let fps: Int
    /// Seconds that a frame of this level, begun at this time, takes.
    var cost: (_ level: QualityLevel, _ time: Double) -> Double
    var scaler: QualityScaler
    private(set) var time = 0.0
    private(set) var steps: [Step] = []
    private var framesInFlight: [QualityLevel] = []

    init(
        fps: Int = 60, level: Int = 5, profile: CostModel.Profile = .pixels,
        cost: @escaping (_ level: QualityLevel, _ time: Double) -> Double
    ) {
        self.fps = fps
        self.cost = cost
        scaler = QualityScaler(fps: fps, level: QualityLevel(level) ?? .full, profile: profile)
    }

    var level: Int { scaler.level.level }
    var levels: [Int] { steps.map(\.change.to) }

    mutating func run(until end: Double) {
        let budget = 1 / Double(fps)
        while time < end {
            framesInFlight.append(scaler.level)
            let drawn = framesInFlight.count > 1 ? framesInFlight.removeFirst() : scaler.level
            let cost = cost(drawn, time)
            let due = (time / budget).rounded(.down) * budget
            let done = time + cost
            // The frame that is due next begins at once where it is not over yet.
            let isLate = done >= due + 2 * budget
            if let change = scaler.frame(cost: cost, isLate: isLate, at: done) {
                steps.append(Step(time: done, change: change))
            }
            time = isLate ? done : max(done, due + budget + 1e-9)
        }
    }

    /// Nothing is drawn for a while.
    mutating func stand(for seconds: Double) { time += seconds }
}

/// Numbers that look random and are the same at every run (SplitMix64).
struct Noise {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// In [−1, 1).
    mutating func next() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((z ^ (z >> 31)) >> 11) / Double(1 << 52) - 1
    }
}
