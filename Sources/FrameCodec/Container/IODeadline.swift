import CFFmpeg
import Handoff

/// Ends a call into libavformat that waits too long for somebody else. Belongs to the thread that makes the calls.
final class IODeadline {
    /// Seconds that one call may take.
    let seconds: Double
    private var end = UInt64.max

    init(seconds: Double) { self.seconds = seconds }

    /// Begins the time of the next call.
    func restart() { end = MonotonicClock.nanoseconds + UInt64(seconds * 1e9) }

    /// For `AVFormatContext.interrupt_callback`; this object has to outlive the context.
    var callback: AVIOInterruptCB {
        AVIOInterruptCB(
            callback: { opaque in
                guard let opaque else { return 0 }
                let deadline = Unmanaged<IODeadline>.fromOpaque(opaque).takeUnretainedValue()
                return MonotonicClock.nanoseconds > deadline.end ? 1 : 0
            }, opaque: Unmanaged.passUnretained(self).toOpaque())
    }
}
