import Logging
import PhiRenderer
import Telemetry

/// Says in the log, and counts, that the quality level changed.
struct QualityReporter: Sendable {
    let statistics: QualityStatistics
    /// Frames a second that are to be held.
    let fps: Int
    let logger: Logger

    func report(_ change: QualityChange) {
        logger.info("\(change.sentence(fps: fps))")
        statistics.recordChange(QualityReason(change.reason))
    }
}

extension QualityReason {
    /// The same reason, as the statistics name it.
    init(_ reason: QualityChange.Reason) {
        switch reason {
        case .chosen: self = .chosen
        case .overload: self = .overload
        case .headroom: self = .headroom
        }
    }
}
