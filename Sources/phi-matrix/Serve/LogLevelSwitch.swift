import Logging
import Synchronization

/// How much is written to the log, for every logger at once.
final class LogLevelSwitch: Sendable {
    private let level: Mutex<Logger.Level>

    init(_ level: Logger.Level) { self.level = Mutex(level) }

    var current: Logger.Level {
        get { level.withLock { $0 } }
        set { level.withLock { $0 = newValue } }
    }
}

/// Writes what the switch lets through; a logger of its own level lets through no more than both do.
struct SwitchedLogHandler: LogHandler {
    private var base: any LogHandler
    private let level: LogLevelSwitch
    private var own: Logger.Level?

    init(_ base: any LogHandler, level: LogLevelSwitch) {
        self.base = base
        self.base.logLevel = .trace
        self.level = level
    }

    var logLevel: Logger.Level {
        get { own.map { max($0, level.current) } ?? level.current }
        set { own = newValue }
    }

    var metadata: Logger.Metadata {
        get { base.metadata }
        set { base.metadata = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { base[metadataKey: key] }
        set { base[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) { base.log(event: event) }
}
