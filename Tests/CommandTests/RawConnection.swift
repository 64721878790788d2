import Foundation
import Glibc
import ProgramHarness
import Synchronization

/// A connection to a server of this machine, byte by byte.
final class RawConnection: Sendable {
    private let descriptor: Int32
    private let found = Atomic(0)

    /// - Throws: `Trouble` where nobody listens.
    init(_ url: URL) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var wait = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(url.port ?? 0).bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { throw Trouble("Nobody listens at \(url).") }
    }

    deinit { close(descriptor) }

    /// Asks for a WebSocket.
    func upgrade(_ path: String) {
        send(
            "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
    }

    func send(_ text: String) { _ = text.withCString { Glibc.send(descriptor, $0, strlen($0), Int32(MSG_NOSIGNAL)) } }

    /// The next bytes as text; empty where the server has closed.
    func receive() -> String {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
    }

    /// Reads on a thread of its own, and counts how often `marker` came.
    func count(_ marker: String) {
        Thread.detachNewThread { [self] in
            var bytes = [UInt8](repeating: 0, count: 65_536)
            while case let count = recv(descriptor, &bytes, bytes.count, 0), count > 0 {
                let seen = Data(bytes[..<count]), wanted = Data(marker.utf8)
                var start = seen.startIndex
                while let range = seen.range(of: wanted, in: start..<seen.endIndex) {
                    found.add(1, ordering: .relaxed)
                    start = range.upperBound
                }
            }
        }
    }

    /// How often the marker came.
    var markerCount: Int { found.load(ordering: .relaxed) }
}
