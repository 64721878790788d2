import Glibc
import Handoff

/// One viewer of a load run: connects, subscribes, counts what comes, and acknowledges it as the page does. Belongs to the
/// thread of its swarm.
final class LoadViewer {
    enum State: Equatable {
        case connecting, upgrading, watching
        case ended(String)
    }

    private(set) var state = State.connecting
    let descriptor: Int32
    /// Frames since they were last counted.
    var frames = 0
    /// The codec and the encoder that the server named; nil before.
    private(set) var config: String?

    private let plan: LoadPlan
    private var reading = FrameReading()
    private var response: [UInt8] = []
    private var outgoing: [UInt8] = []

    init(_ descriptor: Int32, plan: LoadPlan) {
        self.descriptor = descriptor
        self.plan = plan
    }

    deinit { close(descriptor) }

    /// Whether there is something that the socket did not take yet.
    var wantsToWrite: Bool { state == .connecting || !outgoing.isEmpty }

    /// The socket takes more.
    func becameWritable() {
        if state == .connecting {
            var status: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &status, &size)
            guard status == 0 else { return end("it could not connect: \(Self.text(status))") }
            state = .upgrading
            outgoing = plan.handshake
        }
        flush()
    }

    /// Reads what has come. One call empties the socket as far as `scratch` goes, so that nobody is starved.
    func becameReadable(_ scratch: UnsafeMutableRawBufferPointer, _ tally: inout LoadTally) {
        let count = recv(descriptor, scratch.baseAddress, scratch.count, 0)
        guard count > 0 else {
            if count < 0, errno == EAGAIN || errno == EINTR { return }
            return end(count == 0 ? "the server closed the connection" : "the connection broke: \(Self.text(errno))")
        }
        var bytes = UnsafeRawBufferPointer(rebasing: scratch[..<count])
        if state == .upgrading {
            guard let rest = upgraded(bytes) else { return }
            bytes = rest
        }
        guard state == .watching else { return }
        let now = MonotonicClock.microseconds
        var newest: UInt32?
        reading.take(bytes) { event in
            switch event {
            case .media(let arrival):
                frames += 1
                tally.count(arrival, now: now)
                newest = arrival.sequence
            case .text(let message): received(message)
            case .ping(let payload): send(MaskedFrame.pong(payload))
            case .close(let code): end("the server closed it with code \(code)")
            case .violation: end("what came is no WebSocket of phi-frames.v1")
            }
        }
        if let newest, state == .watching { acknowledge(newest) }
    }

    /// Says goodbye.
    func leave() {
        guard state == .watching else { return }
        send(MaskedFrame.close(1000))
        shutdown(descriptor, Int32(SHUT_WR))
    }

    private func upgraded(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let before = response.count
        response.append(contentsOf: bytes)
        let blank: [UInt8] = [13, 10, 13, 10]
        guard
            let head = response.indices.dropLast(3).first(where: { response[$0..<$0 + 4].elementsEqual(blank) })
        else {
            if response.count > 16_384 { end("what answered is no server of this program") }
            return nil
        }
        let status = String(decoding: response.prefix { $0 != 13 }, as: UTF8.self)
        guard status.hasPrefix("HTTP/1.1 101") else {
            end("the server refused it: \(status.dropFirst(9))")
            return nil
        }
        response = []
        state = .watching
        send(MaskedFrame.text(plan.subscription))
        return UnsafeRawBufferPointer(rebasing: bytes[(head + 4 - before)...])
    }

    private func received(_ message: [UInt8]) {
        let text = String(decoding: message, as: UTF8.self)
        if text.contains("\"type\":\"config\"") { config = text }
    }

    private func acknowledge(_ sequence: UInt32) {
        send(
            MaskedFrame.text(
                "{\"type\":\"ack\",\"seq\":\(sequence),\"decoded_ms\":0,\"presented_ms\":0,\"dropped\":0,\"decode_queue\":0,\"visible\":true}"
                    .utf8))
    }

    private func send(_ framed: [UInt8]) {
        outgoing.append(contentsOf: framed)
        flush()
    }

    private func flush() {
        guard !outgoing.isEmpty else { return }
        let count = Glibc.send(descriptor, outgoing, outgoing.count, Int32(MSG_NOSIGNAL))
        if count > 0 { outgoing.removeFirst(count) }
        if count < 0, errno != EAGAIN, errno != EINTR { end("the connection broke: \(Self.text(errno))") }
    }

    private func end(_ reason: String) {
        if case .ended = state { return }
        state = .ended(reason)
    }

    private static func text(_ status: Int32) -> String { String(cString: strerror(status)).lowercased() }
}
