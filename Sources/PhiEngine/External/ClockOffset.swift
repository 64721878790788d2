/// By how much another machine's clock is ahead of this one's, from when its messages come.
///
/// A message is at least as old as it took to come, so that the smallest difference of arrival and time stamp is the
/// offset and the quickest way together: what is estimated is late by that way, and never by how a message was held up. An
/// answer to a ping says it better, to within half its way there and back, and counts for as long as one is known.
struct ClockOffset {
    /// The smallest of so many seconds counts, in two halves, so that a clock that drifts or is set is followed.
    private static let halfWindow = 15.0

    private var here = Double.infinity
    private var earlier = Double.infinity
    private var began = 0.0
    private var pings: [(roundTrip: Double, offset: Double, at: Double)] = []

    /// Takes a message in.
    /// - Parameters:
    ///   - arrival: Unix seconds by this machine's clock.
    ///   - timestamp: Unix seconds by the other's.
    mutating func note(arrival: Double, timestamp: Double) {
        if arrival - began > Self.halfWindow || arrival < began {
            earlier = arrival - began > 2 * Self.halfWindow || arrival < began ? .infinity : here
            here = .infinity
            began = arrival
        }
        here = min(here, arrival - timestamp)
    }

    /// Takes the answer to a ping in, all Unix seconds: `sent` and `received` by this machine's clock, `answered` by the other's.
    mutating func note(sent: Double, answered: Double, received: Double) {
        guard received >= sent else { return }
        pings.append((received - sent, answered - (sent + received) / 2, received))
        if pings.count > 8 { pings.removeFirst() }
    }

    /// Forgets everything: the other side may be another machine now.
    mutating func reset() { self = ClockOffset() }

    /// When a sample was taken by this machine's clock, Unix seconds; never after it came.
    /// - Parameters:
    ///   - timestamp: By the other's clock; nil where it has none.
    ///   - arrival: By this machine's.
    func moment(_ timestamp: Double?, arrival: Double) -> Double {
        guard let timestamp, timestamp.isFinite else { return arrival }
        if let best = pings.filter({ arrival - $0.at < 60 }).min(by: { $0.roundTrip < $1.roundTrip }) {
            return min(timestamp - best.offset, arrival)
        }
        let smallest = min(here, earlier)
        return smallest.isFinite ? min(timestamp + smallest, arrival) : arrival
    }
}
