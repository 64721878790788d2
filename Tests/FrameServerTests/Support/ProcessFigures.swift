import Foundation
import Telemetry

/// What this process holds of the machine.
enum ProcessFigures {
    /// Resident memory, bytes.
    static var residentBytes: Int { Int(ProcessUsage().reading().residentBytes) }

    /// Open descriptors.
    static var descriptors: Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))?.count ?? -1
    }

    /// How often threads with such a name went to sleep, by thread.
    static func sleeps(ofThreads prefix: String) -> [String: Int] {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        var sleeps: [String: Int] = [:]
        for task in tasks {
            guard let status = try? String(contentsOfFile: "/proc/self/task/\(task)/status", encoding: .utf8),
                let name = status.firstMatch(of: /Name:\t(.*)\n/)?.1, name.hasPrefix(prefix),
                let count = status.firstMatch(of: /\nvoluntary_ctxt_switches:\t(\d+)/)?.1
            else { continue }
            sleeps["\(name) \(task)"] = Int(count)
        }
        return sleeps
    }
}
