import Foundation
import Glibc

/// What systemd wants to know of a service of `Type=notify`: sd_notify(3), without its library.
struct SystemdNotifier: Sendable {
    private let address: String
    /// How often it wants a sign of life; nil where it wants none.
    let watchdog: Duration?

    /// Nil where nobody asked.
    init?() {
        let environment = ProcessInfo.processInfo.environment
        guard let address = environment["NOTIFY_SOCKET"], address.hasPrefix("/") || address.hasPrefix("@") else {
            return nil
        }
        let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) }
        let process = environment["WATCHDOG_PID"].flatMap { Int32($0) }
        self.address = address
        watchdog = process ?? getpid() == getpid() ? microseconds.map { .microseconds($0) } : nil
    }

    /// Sends lines such as "READY=1". A manager that cannot be reached is no reason to end.
    func tell(_ lines: String...) {
        let message = lines.joined(separator: "\n")
        let socket = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return }
        defer { close(socket) }
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        let path = Array(address.utf8)
        guard path.count < MemoryLayout.size(ofValue: name.sun_path) else { return }
        withUnsafeMutableBytes(of: &name.sun_path) { bytes in
            bytes.copyBytes(from: path)
            // An address of the abstract kind begins with a zero, written as @.
            if path.first == UInt8(ascii: "@") { bytes[0] = 0 }
        }
        let length = MemoryLayout.offset(of: \sockaddr_un.sun_path).map { $0 + path.count } ?? 0
        withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = message.withCString {
                    sendto(socket, $0, strlen($0), Int32(MSG_NOSIGNAL), address, socklen_t(length))
                }
            }
        }
    }
}
