import Handoff
import NIOCore
import Synchronization
import Telemetry

/// Lets each address make so many requests a second, and a few more at once: a token bucket. Loopback is exempt, as with
/// viewers: there a proxy counts.
final class RequestRate: Sendable {
    private struct Bucket: Sendable {
        var tokens: Double
        /// µs of the monotonic clock.
        var filledAt: UInt64
    }

    private struct State: Sendable {
        var perSecond: Double
        var buckets: [String: Bucket] = [:]
    }

    /// What may come at once, as a multiple of a second's: a page brings all its files in one go.
    static let burst = 4.0
    /// Addresses that are remembered before those are forgotten that have been quiet.
    private static let mostAddresses = 10_000

    private let state: Mutex<State>
    private let refused: CounterSeries

    /// - Parameters:
    ///   - perSecond: Requests of one address.
    ///   - registry: Where refusals are counted.
    init(perSecond: Int, registry: PrometheusRegistry) {
        state = Mutex(State(perSecond: Double(perSecond)))
        registry.describe(
            "soundlab_requests_refused_total", "Requests refused because their address makes too many.")
        refused = registry.counter("soundlab_requests_refused_total")
    }

    /// Addresses that are remembered.
    var addressCount: Int { state.withLock { $0.buckets.count } }

    /// Allows more or fewer from here on.
    func update(perSecond: Int) { state.withLock { $0.perSecond = Double(perSecond) } }

    /// Whether a request of this address may be made now; it counts where it may.
    ///
    /// - Parameter now: µs of the monotonic clock.
    func allows(_ address: SocketAddress?, at now: UInt64 = MonotonicClock.microseconds) -> Bool {
        guard let counted = PeerAddress(address).countedAs else { return true }
        let isAllowed = state.withLock { state in
            let most = state.perSecond * Self.burst
            var bucket = state.buckets[counted] ?? Bucket(tokens: most, filledAt: now)
            let elapsed = Double(now - min(bucket.filledAt, now)) * 1e-6
            bucket.tokens = min(most, bucket.tokens + elapsed * state.perSecond)
            bucket.filledAt = now
            let isAllowed = bucket.tokens >= 1
            if isAllowed { bucket.tokens -= 1 }
            state.buckets[counted] = bucket
            if state.buckets.count > Self.mostAddresses {
                // Whose bucket is full again by now is as good as new.
                let quiet = UInt64(Self.burst * 1e6)
                state.buckets = state.buckets.filter { now - min($0.value.filledAt, now) < quiet }
                // More addresses than that in four seconds are no crowd; nobody is remembered then but the last one.
                if state.buckets.count > Self.mostAddresses { state.buckets = [counted: bucket] }
            }
            return isAllowed
        }
        if !isAllowed { refused.increment(by: Int64(1)) }
        return isAllowed
    }

    /// What somebody is told who makes too many.
    static let refusal = "This address makes too many requests; wait a second."
}
