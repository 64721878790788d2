import Foundation
import ViewerLoad

/// What a run with many viewers found.
struct ViewerReport: Encodable {
    /// Milliseconds.
    struct Times: Encodable {
        var p50: Double
        var p95: Double
        var p99: Double

        init(_ percentile: (Double) -> Double) {
            p50 = percentile(50)
            p95 = percentile(95)
            p99 = percentile(99)
        }
    }

    var viewers: Int
    /// Saw a frame a second or more.
    var served: Int
    /// Were turned away or lost, by why.
    var lost: [String: Int]
    /// What most of them were sent, as the server says in `config`.
    var stream: String
    var seconds: Double
    /// Frames a second that the server drew with nobody watching.
    var renderFpsAlone: Double
    /// And with all viewers.
    var renderFps: Double
    var renderRatio: Double
    /// Frames a second and viewer: the mean, and that of the viewer with the fewest.
    var viewerFps: Double
    var slowestViewerFps: Double
    /// Of all viewers together.
    var megabitsPerSecond: Double
    var stillsShare: Double
    /// From the end of encoding to the viewer, with what a frame waits on the way.
    var deliveryMs: Times
    /// From the beginning of rendering to the viewer.
    var ageMs: Times
    /// The server's memory with all viewers over that with one, by their number.
    var kilobytesPerViewer: Double
    /// Cores that the server kept busy.
    var serverCores: Double

    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return try encoder.encode(self)
    }

    var table: String {
        func number(_ value: Double, _ decimals: Int = 1) -> String { String(format: "%.\(decimals)f", value) }
        func times(_ times: Times) -> String {
            "p50 \(number(times.p50)) ms, p95 \(number(times.p95)) ms, p99 \(number(times.p99)) ms"
        }
        var lines = [
            "viewers     \(served) of \(viewers) served for \(number(seconds)) s, \(stream)",
            "frames      \(number(viewerFps)) fps a viewer, \(number(slowestViewerFps)) the slowest; "
                + "\(number(megabitsPerSecond, 0)) Mbit/s in all, \(number(stillsShare * 100)) % stills",
            "rendering   \(number(renderFps)) fps, \(number(renderFpsAlone)) alone: \(number(renderRatio, 3))",
            "delivery    \(times(deliveryMs)) from encoded to the viewer",
            "age         \(times(ageMs)) from the beginning of rendering to the viewer",
            "server      \(number(kilobytesPerViewer)) KB a viewer, \(number(serverCores, 2)) cores",
        ]
        for (reason, count) in lost.sorted(by: { $0.value > $1.value }) {
            lines.append("lost        \(count): \(reason)")
        }
        return lines.joined(separator: "\n")
    }

    /// What is not as it has to be, as sentences; limits that are nil are not looked at.
    func complaints(delivery: Double?, rate: Double?, memory: Double?) -> [String] {
        var complaints: [String] = []
        if served < viewers {
            let most = lost.max { $0.value < $1.value }.map { ": " + $0.key } ?? ""
            complaints.append("\(viewers - served) of \(viewers) viewers were not served all the time\(most).")
        }
        func check(_ what: String, _ value: Double, within limit: Double?, atLeast: Bool = false) {
            guard let limit, atLeast ? value < limit : value > limit else { return }
            complaints.append(String(format: "%@ is %.3g, and the limit is %.3g.", what, value, limit))
        }
        check("Delivery's p99 in ms", deliveryMs.p99, within: delivery)
        check("The rate of drawing, relative to alone,", renderRatio, within: rate, atLeast: true)
        check("Memory in KB a viewer", kilobytesPerViewer, within: memory)
        return complaints
    }
}
