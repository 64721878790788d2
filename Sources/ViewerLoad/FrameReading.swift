/// Takes the bytes of a WebSocket apart as they come. Of media it keeps the header of the contract, and passes over the rest.
struct FrameReading {
    enum Event {
        case text([UInt8])
        case media(MediaArrival)
        case ping([UInt8])
        case close(code: UInt16)
        /// The peer does not speak RFC 6455.
        case violation
    }

    private static let mediaHeaderLength = 48
    /// Messages of text and pings that are longer are no server's of ours.
    private static let longestText = 1 << 20

    /// What is kept of the message at hand: the head of the frame, then the payload as far as it is wanted.
    private var kept: [UInt8] = []
    /// Bytes of payload that are still to be passed over.
    private var unread = 0
    private var isComplete = false

    /// Takes bytes that have come, and calls `body` for each message that is whole.
    mutating func take(_ bytes: UnsafeRawBufferPointer, _ body: (Event) -> Void) {
        var rest = bytes[...]
        while !rest.isEmpty {
            if unread > 0 {
                let count = min(unread, rest.count)
                rest = rest.dropFirst(count)
                unread -= count
                if unread == 0 { finish(body) }
                continue
            }
            kept.append(rest[rest.startIndex])
            rest = rest.dropFirst()
            guard let head = Head(kept) else { continue }
            guard head.isWhole, !head.isMasked, head.opcode == 2 || head.length <= Self.longestText else {
                body(.violation)
                kept.removeAll(keepingCapacity: true)
                continue
            }
            let wanted = head.size + (head.opcode == 2 ? min(head.length, Self.mediaHeaderLength) : head.length)
            if kept.count < wanted {
                let count = min(wanted - kept.count, rest.count)
                kept.append(contentsOf: rest.prefix(count))
                rest = rest.dropFirst(count)
            }
            if kept.count == wanted {
                unread = head.size + head.length - wanted
                if unread == 0 { finish(body) }
            }
        }
    }

    private mutating func finish(_ body: (Event) -> Void) {
        defer { kept.removeAll(keepingCapacity: true) }
        guard let head = Head(kept) else { return body(.violation) }
        let payload = kept[head.size...]
        switch head.opcode {
        case 1: body(.text(Array(payload)))
        case 2: body(MediaArrival(header: payload, length: head.length).map(Event.media) ?? .violation)
        case 8:
            body(.close(code: payload.count < 2 ? 1005 : UInt16(kept[head.size]) << 8 | UInt16(kept[head.size + 1])))
        case 9: body(.ping(Array(payload)))
        case 10: break
        default: body(.violation)
        }
    }

    /// The head of a WebSocket frame.
    private struct Head {
        let opcode: UInt8
        let isWhole: Bool
        let isMasked: Bool
        /// Bytes of the payload.
        let length: Int
        /// Bytes of the head.
        let size: Int

        /// Nil where bytes are missing.
        init?(_ bytes: [UInt8]) {
            guard bytes.count >= 2 else { return nil }
            opcode = bytes[0] & 0x0F
            isWhole = bytes[0] & 0x80 != 0
            isMasked = bytes[1] & 0x80 != 0
            let short = Int(bytes[1] & 0x7F)
            let extra = short == 126 ? 2 : short == 127 ? 8 : 0
            guard bytes.count >= 2 + extra else { return nil }
            size = 2 + extra
            length =
                extra == 0 ? short : bytes[2..<2 + extra].reduce(0) { ($0 & (Int.max >> 9)) << 8 | Int($1) }
        }
    }
}
