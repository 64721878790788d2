import Foundation
import Glibc

/// HTTP/1.1 to a server on the loopback device. Foundation's URLSession on Linux rejects chromedriver's answers, which
/// have no space after a header's colon.
public enum LoopbackHTTP {
    public struct Answer: Sendable {
        public let status: Int
        public let body: Data
    }

    private static let longestWait = timeval(tv_sec: 60, tv_usec: 0)

    public static func request(_ method: String, _ url: URL, body: Data? = nil) async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            // A thread of its own, since reading blocks.
            Thread.detachNewThread {
                continuation.resume(with: Result { try exchange(method, url, body) })
            }
        }
    }

    private static func exchange(_ method: String, _ url: URL, _ body: Data?) throws -> Answer {
        let socket = try connected(to: UInt16(url.port ?? 80))
        defer { close(socket) }
        let target = url.path + (url.query.map { "?" + $0 } ?? "")
        var message = Data("\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(url.port ?? 80)\r\n".utf8)
        message.append(Data("Content-Type: application/json\r\nContent-Length: \(body?.count ?? 0)\r\n\r\n".utf8))
        message.append(body ?? Data())
        try send(message, to: socket)

        var received = Data()
        let separator = Data("\r\n\r\n".utf8)
        var headEnd: Int?
        while headEnd == nil {
            try receive(into: &received, from: socket, of: url)
            headEnd = received.range(of: separator)?.upperBound
        }
        let end = headEnd ?? 0
        let head = String(decoding: received[..<end], as: UTF8.self)
        guard let status = head.firstMatch(of: /^HTTP\/1\.\d (\d+)/).flatMap({ Int($0.1) }),
            let length = head.firstMatch(of: /(?i)\r\ncontent-length: *(\d+)/).flatMap({ Int($0.1) })
        else { throw Trouble("\(url) gave an answer without status or length.") }
        while received.count < end + length { try receive(into: &received, from: socket, of: url) }
        return Answer(status: status, body: received[end..<(end + length)])
    }

    private static func connected(to port: UInt16) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Trouble("No socket could be had: \(String(cString: strerror(errno))).") }
        var wait = longestWait
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw Trouble("Port \(port) cannot be reached: \(reason).")
        }
        return descriptor
    }

    private static func send(_ data: Data, to socket: Int32) throws {
        var rest = data[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { throw Trouble("Sending failed: \(String(cString: strerror(errno))).") }
            rest = rest.dropFirst(sent)
        }
    }

    private static func receive(into data: inout Data, from socket: Int32, of url: URL) throws {
        let chunk = try withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 1) { buffer in
            let count = recv(socket, buffer.baseAddress, buffer.count, 0)
            guard count > 0 else { throw Trouble("\(url) closed the connection, or said nothing for a minute.") }
            return Data(buffer[..<count])
        }
        data.append(chunk)
    }
}
