import Glibc
import Handoff
import Synchronization

/// What this process takes of the machine.
public final class ProcessUsage: Sendable {
    /// One reading.
    public struct Reading: Sendable {
        /// Percent of one core since the reading before; two busy cores are 200.
        public var cpuPercent: Double
        /// Resident memory, bytes.
        public var residentBytes: UInt64
        /// Resident memory in percent of the machine's.
        public var memoryPercent: Double
    }

    private struct State: Sendable {
        var readAt: UInt64
        var cpuMicroseconds: UInt64
        var last: Reading
    }

    /// Two readers a moment apart share a reading: over a few milliseconds the percentage would be noise.
    private static let shortestInterval: UInt64 = 250_000

    private let state: Mutex<State>
    private let machineBytes: UInt64

    /// Begins to measure: the first reading tells of the time since now.
    public init() {
        machineBytes = UInt64(max(1, sysconf(Int32(_SC_PHYS_PAGES)))) * UInt64(max(1, sysconf(Int32(_SC_PAGESIZE))))
        let none = Reading(cpuPercent: 0, residentBytes: 0, memoryPercent: 0)
        state = Mutex(
            State(readAt: MonotonicClock.microseconds, cpuMicroseconds: Self.cpuMicroseconds(), last: none))
    }

    /// The newest reading; a new one is taken where the last is older than a quarter of a second.
    public func reading() -> Reading {
        let now = MonotonicClock.microseconds
        return state.withLock { state in
            if now - state.readAt >= Self.shortestInterval {
                let cpu = Self.cpuMicroseconds()
                let used = Double(cpu &- state.cpuMicroseconds)
                state.last.cpuPercent = 100 * used / Double(now - state.readAt)
                state.cpuMicroseconds = cpu
                state.readAt = now
                state.last.residentBytes = 0
            }
            if state.last.residentBytes == 0 {
                state.last.residentBytes = Self.residentBytes()
                state.last.memoryPercent = 100 * Double(state.last.residentBytes) / Double(machineBytes)
            }
            return state.last
        }
    }

    private static func cpuMicroseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1_000
    }

    /// The second field of /proc/self/statm, in pages.
    private static func residentBytes() -> UInt64 {
        let file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return 0 }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let length = read(file, &bytes, bytes.count)
        guard length > 0 else { return 0 }
        let fields = bytes[..<length].split(separator: UInt8(ascii: " "))
        guard fields.count > 1, let pages = UInt64(String(decoding: fields[1], as: UTF8.self)) else { return 0 }
        return pages * UInt64(max(1, sysconf(Int32(_SC_PAGESIZE))))
    }
}
