/// Moves the bitrate of a stream, and then its frame rate, to what the slowest acceptable viewer takes.
///
/// Where the server itself is late, frames cost it more than their bytes, and the frame rate gives way first.
///
/// Falls at once, to a little under what arrives there; climbs by a twentieth each half second, after two quiet seconds. A
/// viewer who takes less than the least bitrate is not acceptable: it is given something else instead.
struct BitrateControl {
    /// Between two decisions, µs.
    static let interval: UInt64 = 500_000
    /// Without congestion before the rate climbs, µs.
    private static let patience: UInt64 = 2_000_000
    /// The longest that a server which was late again and again is left alone before its rate climbs, µs.
    private static let longestPatience: UInt64 = 16_000_000
    /// Decisions with a late server that the frame rate gives way after.
    private static let mostLate = 2
    /// How long a late decision counts, µs.
    private static let lateMemory: UInt64 = 3_000_000

    /// At least a quarter of the frames is encoded.
    private static let largestDivisor = 4
    /// At least half of them where somebody keeps them.
    private static let largestKeptDivisor = 2

    /// Of an event loop's time, what handing out frames may take after the frame rate has climbed: what viewers answer takes
    /// as much again, and the loop shares its processor.
    private static let mostBusy = 0.3
    /// Where handing out takes less than this, frames are late for something else, and fewer of them would not help.
    private static let leastBusy = 0.06

    private let range: ClosedRange<Int>
    /// Frames a second where every one is encoded.
    private let framesPerSecond: Double
    private(set) var bitsPerSecond: Int
    /// One frame in so many is encoded.
    private(set) var rateDivisor = 1
    /// What the frame rate gave way to last.
    private(set) var cause = StreamLimit.Cause.server
    private var decidedAt: UInt64 = 0
    private var quietSince: UInt64 = 0
    /// At the least bitrate and still congested since then.
    private var cornered: UInt64?
    private var lateDecisions = 0
    /// The last late decision.
    private var lateAt: UInt64 = 0
    private var patience = Self.patience

    /// - Parameters:
    ///   - range: Least and most bits a second.
    ///   - start: What to begin with, within the range.
    ///   - framesPerSecond: The stream's, where none is left out.
    init(range: ClosedRange<Int>, start: Int, framesPerSecond: Double) {
        self.range = range
        self.framesPerSecond = framesPerSecond
        bitsPerSecond = min(max(start, range.lowerBound), range.upperBound)
    }

    /// Whether it is time for a decision.
    func isDue(now: UInt64) -> Bool { now >= decidedAt + Self.interval }

    /// Decides by what viewers reported since the last decision.
    /// - Parameters:
    ///   - distribution: How frames were handed out since then.
    ///   - isKept: Whether somebody records the stream or passes it on. What is kept does not give way to single viewers, who
    ///     are given something else, and to a late server no further than to half its rate.
    mutating func decide(
        _ reports: [LinkReport], _ distribution: Distribution = Distribution(), isKept: Bool = false, now: UInt64
    ) {
        decidedAt = now
        let mostDivided = isKept ? Self.largestKeptDivisor : Self.largestDivisor
        rateDivisor = min(rateDivisor, mostDivided)
        let busy = framesPerSecond / Double(rateDivisor) * distribution.microsecondsPerFrame * 1e-6
        if distribution.isLate, busy > Self.leastBusy { return giveWay(now, mostDivided) }
        if now >= lateAt + Self.lateMemory { lateDecisions = 0 }
        guard !isKept else { return climb(now, distribution) }
        let acceptable = Double(range.lowerBound) * 0.8 / Double(rateDivisor)
        let slowest = reports.lazy.filter { $0.isCongested && $0.bitsPerSecond >= acceptable }.map(\.bitsPerSecond)
            .min()
        guard let slowest else { return climb(now, distribution) }
        quietSince = now
        if bitsPerSecond > range.lowerBound {
            let fallen = min(Double(bitsPerSecond) * 0.85, slowest * 0.9)
            bitsPerSecond = max(range.lowerBound, Int(fallen))
            cornered = nil
        } else if now >= (cornered ?? now) + 2 * Self.interval, rateDivisor < mostDivided {
            rateDivisor += 1
            cause = .viewers
            cornered = now
        } else {
            cornered = cornered ?? now
        }
    }

    /// The server has too much to do.
    private mutating func giveWay(_ now: UInt64, _ mostDivided: Int) {
        quietSince = now
        lateAt = now
        lateDecisions += 1
        guard lateDecisions >= Self.mostLate, rateDivisor < mostDivided else { return }
        lateDecisions = 0
        rateDivisor += 1
        cause = .server
        patience = min(patience * 2, Self.longestPatience)
    }

    private mutating func climb(_ now: UInt64, _ distribution: Distribution) {
        cornered = nil
        // Where all frames cost next to nothing, those that they cost too much for are gone.
        let isFree = framesPerSecond * distribution.microsecondsPerFrame * 1e-6 < Self.leastBusy
        guard now >= quietSince + (isFree ? min(patience, Self.patience) : patience) else { return }
        if rateDivisor == 1 { patience = Self.patience }
        if rateDivisor > 1 {
            let busy = framesPerSecond / Double(rateDivisor - 1) * distribution.microsecondsPerFrame * 1e-6
            guard busy < Self.mostBusy else { return }
            rateDivisor -= 1
            quietSince = now
        } else {
            bitsPerSecond = min(range.upperBound, bitsPerSecond + bitsPerSecond / 20)
        }
    }
}
