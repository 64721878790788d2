import Glibc
import Handoff
import Logging
import NIOCore
import Synchronization
import Telemetry

/// How many connections there may be at once, and what is said of those that are too many: a flood leaves descriptors for
/// recordings, presets and pictures.
final class ConnectionLimit: Sendable {
    /// Descriptors that connections leave to everything else.
    static let reserve = 64
    /// The least that is let in, however few descriptors there are.
    private static let least = 16
    /// Between two lines in the log, µs.
    private static let pause: UInt64 = 60_000_000

    private let admissions: AdmissionControl
    private let descriptors: Int
    private let logger: Logger
    private let refused: CounterSeries
    private let saidAt = Atomic<UInt64>(0)

    init(admissions: AdmissionControl, registry: PrometheusRegistry, logger: Logger) {
        self.admissions = admissions
        self.logger = logger
        var limit = rlimit()
        let isKnown = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        descriptors = isKnown ? Int(clamping: limit.rlim_cur) : 1_024
        registry.describe(
            "soundlab_connections_refused_total", "Connections that were closed at once because there were too many.")
        refused = registry.counter("soundlab_connections_refused_total")
    }

    /// Requests are short and viewers are limited; only a flood comes near this.
    var connections: Int {
        min(admissions.limits.connections * 2 + 128, max(Self.least, descriptors - Self.reserve))
    }

    /// A connection was closed at once.
    func refuse() {
        refused.increment(by: Int64(1))
        say("All \(connections) places for connections are taken; more are closed at once.")
    }

    /// The system gave no descriptor for a connection.
    func descriptorsAreUsedUp(_ error: any Error) {
        refused.increment(by: Int64(1))
        say(
            "No connection can be accepted (\(error)); raise the limit on open files, or lower SOUNDLAB_MAX_CONNECTIONS."
        )
    }

    private func say(_ sentence: Logger.Message) {
        let now = MonotonicClock.microseconds, last = saidAt.load(ordering: .relaxed)
        guard last == 0 || now - min(last, now) > Self.pause,
            saidAt.compareExchange(expected: last, desired: now, ordering: .relaxed).exchanged
        else { return }
        logger.warning(sentence)
    }
}

/// Hears of connections that the system could not give.
final class AcceptWatch: ChannelInboundHandler, Sendable {
    typealias InboundIn = any Channel

    private let limit: ConnectionLimit

    init(limit: ConnectionLimit) { self.limit = limit }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let code = (error as? IOError)?.errnoCode, [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(code) {
            limit.descriptorsAreUsedUp(error)
        }
        context.fireErrorCaught(error)
    }
}
