import Histogram

/// What the viewers of a load run saw, since it was last emptied.
public struct LoadTally: Sendable {
    /// Longer times count as this, µs.
    private static let longest: UInt64 = 60_000_000

    /// Media messages.
    public private(set) var frames = 0
    /// Of these, stills.
    public private(set) var stills = 0
    /// Bytes of media.
    public private(set) var bytes = 0
    /// Viewers who saw a frame, by how many frames they saw.
    public internal(set) var framesPerViewer: [Int] = []
    private var ages = Histogram<UInt32>(highestTrackableValue: longest, numberOfSignificantValueDigits: .two)
    private var deliveries = Histogram<UInt32>(highestTrackableValue: longest, numberOfSignificantValueDigits: .two)

    init() {}

    mutating func count(_ arrival: MediaArrival, now: UInt64) {
        frames += 1
        bytes += arrival.length
        if !arrival.isVideo { stills += 1 }
        let age = now - min(now, arrival.presentationTime)
        ages.record(min(age, Self.longest))
        deliveries.record(min(age - min(age, arrival.workMicroseconds), Self.longest))
    }

    /// ms from the beginning of rendering to the viewer, at most in `percent` of all cases.
    public func age(_ percent: Double) -> Double { Double(ages.valueAtPercentile(percent)) / 1_000 }

    /// ms from the end of encoding to the viewer, with what a frame waits between its stages.
    public func delivery(_ percent: Double) -> Double { Double(deliveries.valueAtPercentile(percent)) / 1_000 }
}
