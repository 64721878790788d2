import Foundation
import Handoff
import NIOCore
import PhiModel

/// Listens to `/ws/metrics`: how often states come, and how old they are.
public struct MetricsStreamProbe: Sendable {
    public struct Finding: Sendable {
        /// Messages a second.
        public var rate = 0.0
        /// Of the second with the fewest messages.
        public var slowestSecond = 0.0
        /// From when a state was taken until it arrived, ms.
        public var ages = Latencies()
        public var messages = 0
    }

    private static let fields = [
        "ici", "coherence", "phase_coherence", "criticality", "timestamp", "phi_phase", "phi_depth", "frame_id",
        "channel_metrics", "valid",
    ]

    let server: ProbedServer

    public init(_ server: ProbedServer) { self.server = server }

    /// - Parameters:
    ///   - seconds: How long is listened.
    ///   - clockOffset: The server's Unix time less ours, s.
    ///   - heard: Called with each state.
    /// - Throws: `ProbeError`.
    public func run(
        seconds: Double, clockOffset: Double = 0, heard: (JSONValue) -> Void = { _ in }
    ) async throws -> Finding {
        var ages: [Double] = []
        var arrivals: [Double] = []
        var last = -1.0
        try await ProbeSocket(server: server, path: "/ws/metrics").run(seconds: seconds) { message, _ in
            let arrival = MonotonicClock.unixSeconds
            guard case .text(let text) = message,
                let value = try? JSONValue(json: Data(text.readableBytesView))
            else { throw ProbeError.unexpected("/ws/metrics", "sent something that is no JSON") }
            if let missing = Self.fields.first(where: { value[$0] == nil }) {
                throw ProbeError.unexpected("/ws/metrics", "sent a state without '\(missing)'")
            }
            guard let timestamp = value["timestamp"]?.number, let number = value["frame_id"]?.number else {
                throw ProbeError.unexpected("/ws/metrics", "sent a state whose time is no number")
            }
            guard number >= last else {
                throw ProbeError.unexpected("/ws/metrics", "went back from frame \(Int(last)) to \(Int(number))")
            }
            last = number
            arrivals.append(arrival)
            ages.append((arrival + clockOffset - timestamp) * 1_000)
            heard(value)
        }
        var finding = Finding()
        finding.messages = arrivals.count
        finding.ages = Latencies(ages)
        guard let first = arrivals.first, let end = arrivals.last, end > first else { return finding }
        finding.rate = Double(arrivals.count - 1) / (end - first)
        finding.slowestSecond = Self.slowest(arrivals.map { $0 - first }, length: end - first)
        return finding
    }

    /// The fewest messages in any whole second from the first on.
    static func slowest(_ times: [Double], length: Double) -> Double {
        let whole = Int(length)
        guard whole > 0 else { return Double(times.count) / max(length, 1e-9) }
        var counts = [Int](repeating: 0, count: whole)
        for time in times where Int(time) < whole { counts[Int(time)] += 1 }
        return Double(counts.min() ?? 0)
    }
}
