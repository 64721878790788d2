import Glibc

/// The clock by which frames are paced and latencies are measured: CLOCK_MONOTONIC, shared by all processes of a host.
public enum MonotonicClock {
    /// µs since an arbitrary start.
    public static var microseconds: UInt64 { nanoseconds / 1_000 }

    /// ns since an arbitrary start.
    public static var nanoseconds: UInt64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }

    /// Seconds since the Unix epoch, by the wall clock.
    public static var unixSeconds: Double {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
    }

    /// Sleeps until the monotonic clock shows `nanoseconds`. A signal does not end the sleep.
    public static func sleep(untilNanoseconds nanoseconds: UInt64) {
        var deadline = timespec(
            tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, nil) == EINTR {}
    }
}
