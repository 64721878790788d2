import Foundation
import Handoff
import NIOCore
import PhiModel

/// Pings over `/ws/dashboard`: how long the way to the server and back takes, and how far its clock is from ours.
public struct RoundTripProbe: Sendable {
    public struct Finding: Sendable {
        /// There and back, ms.
        public var roundTrips = Latencies()
        /// The server's Unix time less ours, s, by the ping that was fastest.
        public var clockOffset = 0.0
        /// Whether `get_state` was answered, and whether states came by themselves after it.
        public var hasAnswered = false
        public var pushes = 0
    }

    private static let pause = Duration.milliseconds(100)

    let server: ProbedServer

    public init(_ server: ProbedServer) { self.server = server }

    /// - Parameter seconds: How long is measured.
    /// - Throws: `ProbeError`.
    public func run(seconds: Double) async throws -> Finding {
        var finding = Finding()
        var times: [Double] = []
        var fastest = Double.infinity
        var next = ContinuousClock.now
        try await ProbeSocket(server: server, path: "/ws/dashboard").run(
            seconds: seconds,
            opened: { speaker in
                try await speaker.say(#"{"type":"get_state"}"#)
                try await speaker.say(Self.ping)
            }
        ) { message, speaker in
            let arrival = MonotonicClock.unixSeconds
            guard case .text(let text) = message,
                let value = try? JSONValue(json: Data(text.readableBytesView))
            else { throw ProbeError.unexpected("/ws/dashboard", "sent something that is no JSON") }
            switch value["type"]?.string {
            case "pong":
                guard let sent = value["client_time"]?.number, let answered = value["server_time"]?.number else {
                    throw ProbeError.unexpected("/ws/dashboard", "answered a ping without times")
                }
                let trip = arrival - sent / 1_000
                times.append(trip * 1_000)
                if trip < fastest {
                    fastest = trip
                    finding.clockOffset = answered / 1_000 - (sent / 1_000 + trip / 2)
                }
            case "state_response": finding.hasAnswered = value["data"]?["phi_depth"]?.number != nil
            case "state_sync": finding.pushes += 1
            default: break
            }
            // The states that come all the time are the rhythm.
            if ContinuousClock.now >= next {
                next = ContinuousClock.now + Self.pause
                try await speaker.say(Self.ping)
            }
        }
        finding.roundTrips = Latencies(times)
        return finding
    }

    private static var ping: String { #"{"type":"ping","client_time":\#(MonotonicClock.unixSeconds * 1_000)}"# }
}
