import Foundation
import Handoff
import NIOCore
import Synchronization

/// A viewer who reads and acknowledges everything, in a task of its own.
final class Watcher: Sendable {
    struct Config: Sendable, Equatable {
        var epoch: Int
        var codec: String
        var width: Int
        var encoder: String
    }

    struct Seen: Sendable {
        var frames = 0
        var keys = 0
        var discontinuities = 0
        var configs: [Config] = []
        var newest: UInt32 = 0
        /// µs between two frames at most, since it was last set to 0.
        var longestPause: UInt64 = 0
        /// How the connection ended; nil while it stands.
        var ended: String?
        fileprivate var frameAt: UInt64 = 0
    }

    private let state = Mutex(Seen())

    var seen: Seen { state.withLock { $0 } }

    /// Runs `body` while somebody watches: by the path alone, or by a `subscribe` on a path without a codec.
    static func watching<R: Sendable>(
        _ server: TestServer, _ path: String = "/ws/frames?codec=jpeg", subscribe: String? = nil,
        _ body: @Sendable (Watcher) async throws -> R
    ) async throws -> R {
        let watcher = Watcher()
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await watcher.watch(server, path, subscribe) }
            defer { tasks.cancelAll() }
            return try await body(watcher)
        }
    }

    /// Waits for so many more frames. False where they do not come, or the connection ends.
    func getsFrames(_ count: Int, within limit: Duration = .seconds(10)) async -> Bool {
        let goal = seen.frames + count
        return await eventually(within: limit) { self.seen.frames >= goal || self.seen.ended != nil }
            && seen.ended == nil
    }

    func forgetPauses() { state.withLock { $0.longestPause = 0 } }

    private func watch(_ server: TestServer, _ path: String, _ subscribe: String?) async {
        do {
            let client = try await WebSocketClient.open(server, path)
            do {
                if let subscribe { try await client.send(subscribe) }
                while true { try await take(client.next(), from: client) }
            } catch {
                await client.socket.close()
                throw error
            }
        } catch {
            state.withLock { $0.ended = $0.ended ?? (Task.isCancelled ? nil : "\(error)") }
        }
    }

    private func take(_ message: WebSocketClient.Message, from client: WebSocketClient) async throws {
        switch message {
        case .binary(let bytes):
            note(bytes)
            try await client.acknowledge(bytes.frameNumber)
        case .text(let text) where text.contains(#""type":"config""#):
            let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
            let config = Config(
                epoch: object["epoch"] as? Int ?? -1, codec: object["codec"] as? String ?? "",
                width: object["width"] as? Int ?? -1, encoder: object["encoder"] as? String ?? "")
            state.withLock { $0.configs.append(config) }
        case .ping(let payload): try await client.send(opcode: 10, payload)
        case .close(let code):
            state.withLock { $0.ended = "\(code)" }
            throw TestSocket.Ended()
        default: break
        }
    }

    private func note(_ frame: ByteBuffer) {
        let flags = frame.getInteger(at: frame.readerIndex + 3, as: UInt8.self) ?? 0
        let now = MonotonicClock.microseconds
        state.withLock { seen in
            seen.frames += 1
            if flags & 1 != 0 { seen.keys += 1 }
            if flags & 2 != 0 { seen.discontinuities += 1 }
            seen.newest = frame.frameNumber
            if seen.frameAt > 0 { seen.longestPause = max(seen.longestPause, now - seen.frameAt) }
            seen.frameAt = now
        }
    }
}

extension TestServer {
    /// Runs `body` beside a healthy viewer, and expects that the viewer noticed nothing: its connection stands, frames come,
    /// and none of its pauses was long. On a busy machine two seconds are not long.
    func undisturbed(_ body: @Sendable () async throws -> Void) async throws -> Bool {
        try await publishing {
            try await Watcher.watching(self) { watcher in
                guard await watcher.getsFrames(5) else { return false }
                watcher.forgetPauses()
                try await body()
                return await watcher.getsFrames(5) && watcher.seen.longestPause < 2_000_000
            }
        }
    }
}
