import Foundation
import NIOCore

/// One HTTP exchange over a connection of its own.
struct Reply: Sendable {
    let status: Int
    let headers: [String: String]
    let body: ByteBuffer

    var text: String { String(buffer: body) }

    func json() throws -> [String: any Sendable] {
        let object = try JSONSerialization.jsonObject(with: Data(body.readableBytesView))
        return (object as? [String: any Sendable]) ?? [:]
    }

    func list() throws -> [[String: any Sendable]] {
        let object = try JSONSerialization.jsonObject(with: Data(body.readableBytesView))
        return (object as? [[String: any Sendable]]) ?? []
    }

    func detail() throws -> String? { try json()["detail"] as? String }
}

extension TestServer {
    func request(
        _ path: String, method: String = "GET", headers: [String: String] = [:], body: String? = nil
    ) async throws -> Reply {
        let socket = try await TestSocket.connect(port)
        let host = headers["Host"] ?? "127.0.0.1:\(port)"
        var text = "\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n"
        for (name, value) in headers where name != "Host" { text += "\(name): \(value)\r\n" }
        if let body, headers["Transfer-Encoding"] == nil { text += "Content-Length: \(body.utf8.count)\r\n" }
        try await socket.send(text + "\r\n" + (body ?? ""))
        let head = try await socket.readHead()
        let rest = await socket.readToEnd()
        await socket.close()
        return Reply(status: head.status, headers: head.headers, body: rest)
    }
}
