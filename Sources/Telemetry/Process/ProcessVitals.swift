import Glibc

/// What the system knows of this process, under the names that every Prometheus exporter gives it.
public struct ProcessVitals: Sendable {
    /// Resident memory, bytes.
    public var residentBytes: UInt64
    /// Processor time since the start, all threads together, seconds.
    public var cpuSeconds: Double
    /// Open files and sockets.
    public var openDescriptors: Int
    /// Files and sockets that may be open at once.
    public var mostDescriptors: Int
    /// When the process began, Unix seconds.
    public var startTime: Double

    /// As it is now.
    public init() {
        residentBytes = Self.residentBytes()
        cpuSeconds = Double(Self.cpuMicroseconds()) * 1e-6
        mostDescriptors = Self.descriptorLimit()
        openDescriptors = Self.countDescriptors(limit: mostDescriptors)
        startTime = Self.began
    }

    static func cpuMicroseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1_000
    }

    /// The second field of /proc/self/statm, in pages.
    static func residentBytes() -> UInt64 {
        let fields = contents("/proc/self/statm").split(separator: " ")
        guard fields.count > 1, let pages = UInt64(fields[1]) else { return 0 }
        return pages * UInt64(max(1, sysconf(Int32(_SC_PAGESIZE))))
    }

    private static func descriptorLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        return Int(clamping: limit.rlim_cur)
    }

    /// Looking takes a descriptor as well: where none is left, all are open.
    private static func countDescriptors(limit: Int) -> Int {
        guard let folder = opendir("/proc/self/fd") else { return errno == EMFILE ? limit : 0 }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Without ".", ".." and the descriptor that looks.
        return max(0, count - 3)
    }

    /// The system tells the start in ticks since it was booted.
    private static let began: Double = {
        // The name, in parentheses, may hold spaces; the start is the twentieth field behind it.
        let fields = contents("/proc/self/stat").split(separator: ")").last?.split(separator: " ") ?? []
        let boot = contents("/proc/stat", most: 1 << 16).split(separator: "\n").first { $0.hasPrefix("btime ") }
        guard fields.count > 19, let ticks = Double(fields[19]), let booted = boot.flatMap({ Double($0.dropFirst(6)) })
        else { return 0 }
        return booted + ticks / Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
    }()

    private static func contents(_ path: String, most: Int = 4_096) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var bytes: [UInt8] = []
        while bytes.count < most {
            let more = [UInt8](unsafeUninitializedCapacity: 4_096) { buffer, count in
                count = max(0, read(file, buffer.baseAddress, buffer.count))
            }
            guard !more.isEmpty else { break }
            bytes += more
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
