import Foundation
import Handoff
import NIOCore
import PhiModel
import ViewerLoad

/// Watches `/ws/frames` as a plain viewer of JPEG does.
public struct FrameStreamProbe: Sendable {
    public struct Finding: Sendable {
        /// Frames a second that came.
        public var rate = 0.0
        public var frames = 0
        /// Pictures that differ from the one before.
        public var changes = 0
        /// From the beginning of rendering until the frame had been encoded, ms.
        public var work = Latencies()
        public var stats = 0
        /// Frames a second that the server drew meanwhile, by the numbers of the frames; 0 where too few came.
        public var rendered = 0.0
    }

    /// Frames a second that are asked for.
    public static let askedRate = 30.0
    /// Bytes of the header.
    private static let headerLength = 48

    let server: ProbedServer

    public init(_ server: ProbedServer) { self.server = server }

    /// - Throws: `ProbeError`.
    public func run(seconds: Double) async throws -> Finding {
        var finding = Finding()
        var first: (arrival: MediaArrival, at: UInt64)?
        var last: (arrival: MediaArrival, at: UInt64)?
        var work: [Double] = []
        var picture = 0
        let path = "/ws/frames?codec=jpeg&fps=\(Int(Self.askedRate))"
        try await ProbeSocket(server: server, path: path).run(seconds: seconds) { message, speaker in
            switch message {
            case .text(let text):
                let value = try? JSONValue(json: Data(text.readableBytesView))
                if value?["type"]?.string == "stats" { finding.stats += 1 }
                if value?["type"]?.string == "error" {
                    throw ProbeError.unexpected("/ws/frames", "says: \(value?["message"]?.string ?? "an error")")
                }
            case .media(let bytes):
                let view = bytes.readableBytesView
                guard let arrival = MediaArrival(header: Array(view.prefix(Self.headerLength))[...], length: view.count)
                else { throw ProbeError.unexpected("/ws/frames", "sent a message without the header of phi-frames.v1") }
                let payload = view.dropFirst(Self.headerLength)
                guard payload.starts(with: [0xFF, 0xD8]), payload.suffix(2).elementsEqual([0xFF, 0xD9]) else {
                    throw ProbeError.unexpected("/ws/frames", "sent a frame that is no whole JPEG")
                }
                if let before = last?.arrival, arrival.sequence <= before.sequence {
                    throw ProbeError.unexpected("/ws/frames", "sent frame \(arrival.sequence) after \(before.sequence)")
                }
                var hasher = Hasher()
                payload.withUnsafeBytes { hasher.combine(bytes: $0) }
                let hash = hasher.finalize()
                if hash != picture { finding.changes += 1 }
                picture = hash
                finding.frames += 1
                work.append(Double(arrival.workMicroseconds) * 1e-3)
                last = (arrival, MonotonicClock.microseconds)
                if first == nil { first = last }
            }
        }
        finding.work = Latencies(work)
        guard let first, let last, last.at > first.at else { return finding }
        finding.rate = Double(finding.frames - 1) / (Double(last.at - first.at) * 1e-6)
        // By the server's own clock: numbers of frames over the times when they began.
        let served = Double(last.arrival.presentationTime &- first.arrival.presentationTime) * 1e-6
        if served > 0 { finding.rendered = Double(last.arrival.sequence - first.arrival.sequence) / served }
        return finding
    }
}
