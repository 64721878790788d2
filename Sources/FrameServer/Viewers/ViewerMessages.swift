import FrameCodec
import Telemetry

/// What a viewer may send on `/ws/frames`. Fields that a kind of message does not have are absent.
struct ViewerRequest: Decodable {
    var type: String
    var proto: Int?
    var codecs: [String]?
    var maxFps: Double?
    var maxWidth: Int?
    var token: String?
    var seq: UInt32?
    var visible: Bool?
    var clientTime: Double?
}

/// Greets a viewer who speaks the handshake.
struct HelloMessage: Encodable {
    struct Stream: Encodable {
        let id: UInt16
        let codec: String
        let width: Int
        let height: Int
        let fps: Double
    }

    struct Limits: Encodable {
        let maxMessageBytes = MessageAssembler.longestMessage
        let maxMessagesPerSecond: Int
        let maxFps: Int
        let maxUnacknowledged = AckWindow.largest
    }

    struct Clock: Encodable {
        let monotonicUs: UInt64
        let unixMs: Double
    }

    let type = "hello"
    let proto = 1
    let server: String
    let streams: [Stream]
    let codecs: [String]
    let limits: Limits
    let clock: Clock
}

/// Precedes the first frame of every epoch.
struct ConfigMessage: Encodable {
    let type = "config"
    let stream: UInt16
    let epoch: UInt32
    let codec: String
    let width: Int
    let height: Int
    let fps: Double
    let encoder: String
    let hardware: Bool
    let reason: Nullable<String>

    /// - Parameters:
    ///   - framesPerSecond: That this viewer gets.
    ///   - reason: Why it is this stream and this encoder; may be empty.
    init(_ format: StreamFormat, stream: UInt16, framesPerSecond: Double, reason: String) {
        self.stream = stream
        epoch = format.epoch
        codec = format.codec
        width = format.width
        height = format.height
        fps = framesPerSecond
        encoder = format.encoder
        hardware = format.isHardware
        self.reason = Nullable(reason.isEmpty ? nil : reason)
    }
}

/// Answers a ping with the server's clocks: Unix milliseconds, and the µs in which frames are stamped.
struct PongMessage: Encodable {
    let type = "pong"
    let serverTime: Double
    let clientTime: Nullable<Double>
    let monotonicUs: UInt64
}

/// Says what a viewer did wrong.
struct ErrorMessage: Encodable {
    let type = "error"
    let code: UInt16
    let message: String
    let retryable: Bool
    let retryAfterMs: Int
}

/// How the stream fares, once a second: what is the same for all its viewers. `StatsBulletin` adds the rates.
struct StatsMessage: Encodable {
    struct Stage: Encodable {
        let p50: Double
        let p95: Double
        let p99: Double

        init(_ percentiles: Percentiles?) {
            p50 = percentiles?.p50 ?? 0
            p95 = percentiles?.p95 ?? 0
            p99 = percentiles?.p99 ?? 0
        }
    }

    struct Quality: Encodable {
        let level: Int
        let mode: String
        let reason: String
        /// Since the start, by reason.
        let changes: [String: UInt64]

        init(_ report: QualityReport) {
            level = report.level
            mode = report.mode
            reason = report.reason.rawValue
            changes = Dictionary(
                uniqueKeysWithValues: QualityReason.allCases.map { ($0.rawValue, report.changes[$0] ?? 0) })
        }
    }

    struct Limit: Encodable {
        let fps: Double
        let cause: String

        init(_ limit: StreamLimit) {
            fps = limit.framesPerSecond
            cause = limit.cause.rawValue
        }
    }

    let type = "stats"
    /// Milliseconds.
    let stages: [String: Stage]
    /// Milliseconds from the engine's sample to the socket.
    let latency: Stage
    let drops: [String: UInt64]
    let viewers: Int
    let codec: String
    let width: Int
    let height: Int
    let encoder: String
    let hardware: Bool
    /// Why it is this encoder.
    let reason: Nullable<String>
    /// What the encoder aims at, bits a second; 0 for stills.
    let targetBitrate: Int
    /// Where the stream has fewer frames than it could: how many a second, and whether "server" or "viewers" are the cause.
    let limit: Nullable<Limit>
    let device: String
    let quality: Quality
}
