import CFFmpeg
import Handoff

/// Ends a call into libavformat that waits too long for somebody else. Belongs to the thread that makes the calls.
final class IODeadline {
    /// Seconds that one call may take.
    let seconds: Double
    private var end = UInt64.max
    private let isCancelled: @Sendable () -> Bool

    /// - Parameter isCancelled: Asked while a call waits; ends it early.
    init(seconds: Double, isCancelled: @escaping @Sendable () -> Bool = { false }) {
        self.seconds = seconds
        self.isCancelled = isCancelled
    }

    /// Begins the time of the next call.
    func restart() { end = MonotonicClock.nanoseconds + UInt64(seconds * 1e9) }

    /// For `AVFormatContext.interrupt_callback`; this object has to outlive the context.
    var callback: AVIOInterruptCB {
        AVIOInterruptCB(
            callback: { opaque in
                guard let opaque else { return 0 }
                let deadline = Unmanaged<IODeadline>.fromOpaque(opaque).takeUnretainedValue()
                return MonotonicClock.nanoseconds > deadline.end || deadline.isCancelled() ? 1 : 0
            }, opaque: Unmanaged.passUnretained(self).toOpaque())
    }
}
