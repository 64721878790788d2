/// How something recorded is played: `speed=2&loop=0&start=10`.
public struct PlaybackOptions: Sendable, Equatable {
    /// 1 is as it was recorded.
    public var speed = 1.0
    /// Whether it begins anew at its end.
    public var loops = true
    /// Where it begins, s.
    public var start = 0.0

    public init() {}

    /// - Parameters:
    ///   - thing: What is played, with its article and a capital.
    ///   - speeds: How fast it can be played.
    /// - Throws: `EngineError`.
    init(parsing query: Substring, of thing: String, speeds: ClosedRange<Double>) throws(EngineError) {
        let lowered = thing.prefix(1).lowercased() + thing.dropFirst()
        for option in query.split(separator: "&") {
            let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let value = parts.count == 2 ? parts[1] : ""
            switch parts[0] {
            case "speed":
                guard let speed = Double(value), speeds.contains(speed) else {
                    throw .refused(
                        .usage,
                        "'\(value)' is no speed of \(lowered); give speed=\(speeds.lowerBound) to speed=\(speeds.upperBound)."
                    )
                }
                self.speed = speed
            case "loop":
                guard let loops = ["0": false, "1": true, "false": false, "true": true][value] else {
                    throw .refused(.usage, "'\(value)' does not say whether \(lowered) loops; give loop=0 or loop=1.")
                }
                self.loops = loops
            case "start":
                guard let start = Double(value), (0...1e6).contains(start) else {
                    throw .refused(.usage, "\(thing) cannot start at '\(value)'; give start= with seconds from 0 on.")
                }
                self.start = start
            default:
                throw .refused(.usage, "\(thing) has no option '\(parts[0])'; there are speed, loop and start.")
            }
        }
    }
}
