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
            State(readAt: MonotonicClock.microseconds, cpuMicroseconds: ProcessVitals.cpuMicroseconds(), last: none))
    }

    /// The newest reading; a new one is taken where the last is older than a quarter of a second.
    public func reading() -> Reading {
        let now = MonotonicClock.microseconds
        return state.withLock { state in
            if now - state.readAt >= Self.shortestInterval {
                let cpu = ProcessVitals.cpuMicroseconds()
                let used = Double(cpu &- state.cpuMicroseconds)
                state.last.cpuPercent = 100 * used / Double(now - state.readAt)
                state.cpuMicroseconds = cpu
                state.readAt = now
                state.last.residentBytes = 0
            }
            if state.last.residentBytes == 0 {
                state.last.residentBytes = ProcessVitals.residentBytes()
                state.last.memoryPercent = 100 * Double(state.last.residentBytes) / Double(machineBytes)
            }
            return state.last
        }
    }
}
