import Handoff
import Logging
import PNGCodec
import ServiceLifecycle
import Synchronization

/// Takes single pictures of the running renderer for whoever asks, on a thread of its own.
public final class SnapshotDesk: Service {
    /// How a picture is encoded.
    public enum Format: Sendable, Hashable {
        case png, jpeg
    }

    /// One encoded picture.
    public struct Still: Sendable {
        /// A whole PNG or JPEG file.
        public let bytes: [UInt8]
        /// Number, times and size of the frame that it shows.
        public let info: FrameInfo
        /// What the renderer left with the frame.
        public let attachment: [UInt8]
    }

    private struct Request {
        let format: Format
        let deadline: UInt64
        let continuation: CheckedContinuation<Still, any Error>
    }

    private struct Desk {
        var requests: [Request] = []
        var isClosed = false
    }

    /// How long a request waits for a frame, µs.
    private static let patience: UInt64 = 2_000_000

    private let mailbox: FrameMailbox
    private let desk = Mutex(Desk())

    /// - Parameter mailbox: Where frames come from, for as long as a request waits.
    public init(mailbox: FrameMailbox) { self.mailbox = mailbox }

    /// The next frame, encoded. Throws `CodecError.noFrame` where none comes within two seconds.
    public func take(_ format: Format) async throws -> Still {
        mailbox.demand.add()
        defer { mailbox.demand.remove() }
        return try await withCheckedThrowingContinuation { continuation in
            let request = Request(
                format: format, deadline: MonotonicClock.microseconds + Self.patience, continuation: continuation)
            let isClosed = desk.withLock { desk in
                if !desk.isClosed { desk.requests.append(request) }
                return desk.isClosed
            }
            if isClosed { continuation.resume(throwing: CodecError.ended) }
        }
    }

    /// Serves requests until graceful shutdown or cancellation; those still waiting then fail with `CodecError.ended`.
    public func run() async throws {
        let isStopping = StopFlag()
        try await withGracefulShutdownHandler {
            try await DedicatedThread.run(name: "phi-snapshot", stop: { isStopping.set() }) {
                while !isStopping.isSet { self.serve() }
            }
        } onGracefulShutdown: {
            isStopping.set()
            self.mailbox.wake()
        }
        for request in close() { request.continuation.resume(throwing: CodecError.ended) }
    }

    private func close() -> [Request] {
        desk.withLock { desk in
            desk.isClosed = true
            defer { desk.requests = [] }
            return desk.requests
        }
    }

    private func serve() {
        if let lease = mailbox.wait(milliseconds: 200) {
            answer(takeRequests { _ in true }, lease)
        }
        let now = MonotonicClock.microseconds
        for request in takeRequests({ $0.deadline < now }) {
            request.continuation.resume(throwing: CodecError.noFrame)
        }
    }

    private func takeRequests(_ isWanted: (Request) -> Bool) -> [Request] {
        desk.withLock { desk in
            let taken = desk.requests.filter(isWanted)
            desk.requests.removeAll(where: isWanted)
            return taken
        }
    }

    private func answer(_ requests: [Request], _ lease: borrowing FrameLease) {
        let info = lease.info
        var stills: [Format: Result<Still, any Error>] = [:]
        for request in requests {
            let still =
                stills[request.format]
                ?? Result {
                    Still(
                        bytes: try Self.encode(lease, request.format), info: info, attachment: [UInt8](lease.attachment)
                    )
                }
            stills[request.format] = still
            request.continuation.resume(with: still)
        }
    }

    private static func encode(_ lease: borrowing FrameLease, _ format: Format) throws -> [UInt8] {
        let info = lease.info
        switch format {
        case .png:
            return try PNGEncoder.encode(lease.pixels, width: info.width, height: info.height, fast: true)
        case .jpeg:
            return try JPEGEncoder(width: info.width, height: info.height, quality: 90).encode(lease.pixels) {
                [UInt8]($0)
            }
        }
    }
}
