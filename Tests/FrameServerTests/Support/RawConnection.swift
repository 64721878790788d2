import Foundation
import Glibc

/// A TCP connection to the server under test by the system's own calls, for many short ones. Blocks: not for a task.
struct RawConnection: ~Copyable {
    struct Failed: Error {
        let call: String
        let code: Int32
    }

    private let descriptor: Int32

    init(_ port: Int, patience seconds: Int = 5) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failed(call: "socket", code: errno) }
        var wait = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failed(call: "connect", code: errno) }
    }

    deinit { close(descriptor) }

    /// Sends all, or what the server takes before it ends the connection. Returns whether it took all.
    @discardableResult
    borrowing func send(_ bytes: some Sequence<UInt8>) -> Bool {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    /// What has come since the last call, or comes next; empty at the end or after the patience.
    borrowing func receive() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 16_384) { buffer, count in
            count = max(0, recv(descriptor, buffer.baseAddress, buffer.count, 0))
        }
    }

    /// Everything until the server closes, or says nothing for the patience.
    borrowing func receiveAll(most: Int = 1 << 20) -> [UInt8] {
        var all: [UInt8] = []
        while all.count < most, case let more = receive(), !more.isEmpty { all += more }
        return all
    }

    /// Nothing more is sent; what comes can still be read.
    borrowing func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// The close that follows resets the connection.
    borrowing func makeAbrupt() {
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    }

    static func handshake(_ port: Int, _ path: String) -> String {
        "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    }
}

/// Calls `body` with each number below `count`, on a few threads at once, and returns what it returned.
func onThreads<R: Sendable>(
    _ threads: Int, count: Int, _ body: @escaping @Sendable (Int) throws -> R
) async throws -> [R] {
    try await withThrowingTaskGroup(of: [R].self) { group in
        for first in 0..<threads {
            group.addTask {
                try await withCheckedThrowingContinuation { continuation in
                    Thread.detachNewThread {
                        continuation.resume(
                            with: Result { try stride(from: first, to: count, by: threads).map(body) })
                    }
                }
            }
        }
        return try await group.reduce(into: []) { $0 += $1 }
    }
}
