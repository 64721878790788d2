import NIOCore

/// Reads acknowledgements as viewers send them sixty times a second, some forty times as fast as a general decoder.
///
/// It takes flat objects of numbers, booleans and plain strings alone, and leaves everything else, also what is wrong, to the
/// decoder: what it gives is what that would have given.
enum AckScan {
    /// The acknowledgement; nil where the message is another, or has to be looked at closely.
    static func read(_ message: ByteBuffer) -> ViewerRequest? {
        message.withUnsafeReadableBytes { bytes in
            var scan = Scan(bytes: bytes)
            return scan.acknowledgement()
        }
    }

    private struct Scan {
        let bytes: UnsafeRawBufferPointer
        var at = 0

        init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

        mutating func acknowledgement() -> ViewerRequest? {
            var request = ViewerRequest(type: "")
            var fields = Set<Field>()
            guard take("{") else { return nil }
            while true {
                guard let name = string(), take(":") else { return nil }
                let field = Field(name)
                // Of a name that is there twice a decoder takes one or the other.
                if let field, !fields.insert(field).inserted { return nil }
                switch field {
                case .type:
                    guard let value = string(), value.elementsEqual("ack".utf8) else { return nil }
                    request.type = "ack"
                case .seq:
                    guard let value = integer() else { return nil }
                    request.seq = value
                case .visible:
                    guard let value = boolean() else { return nil }
                    request.visible = value
                case nil:
                    guard isFigure(name), number() else { return nil }
                }
                if take("}") { break }
                guard take(",") else { return nil }
            }
            space()
            return at == bytes.count && fields.contains(.type) ? request : nil
        }

        /// The figures of an acknowledgement that the server makes no use of.
        private func isFigure(_ name: Slice<UnsafeRawBufferPointer>) -> Bool {
            ["decoded_ms", "presented_ms", "dropped", "decode_queue"].contains { name.elementsEqual($0.utf8) }
        }

        private enum Field: Hashable {
            case type, seq, visible

            init?(_ name: Slice<UnsafeRawBufferPointer>) {
                if name.elementsEqual("type".utf8) {
                    self = .type
                } else if name.elementsEqual("seq".utf8) {
                    self = .seq
                } else if name.elementsEqual("visible".utf8) {
                    self = .visible
                } else {
                    return nil
                }
            }
        }

        private mutating func space() {
            while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
        }

        private mutating func take(_ character: Unicode.Scalar) -> Bool {
            space()
            guard at < bytes.count, bytes[at] == UInt8(ascii: character) else { return false }
            at += 1
            return true
        }

        /// A string of plain ASCII, without its quotation marks.
        private mutating func string() -> Slice<UnsafeRawBufferPointer>? {
            guard take("\"") else { return nil }
            let start = at
            while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
                guard bytes[at] >= 0x20, bytes[at] < 0x7F, bytes[at] != UInt8(ascii: "\\") else { return nil }
                at += 1
            }
            guard at < bytes.count else { return nil }
            at += 1
            return bytes[start..<at - 1]
        }

        /// Digits, with nothing before them and no zero in front.
        private mutating func integer() -> UInt32? {
            space()
            let start = at
            var value: UInt64 = 0
            while at < bytes.count, at - start < 10, let digit = digit(bytes[at]) {
                value = value * 10 + UInt64(digit)
                at += 1
            }
            guard at > start, at - start == 1 || bytes[start] != UInt8(ascii: "0"), isEnd else { return nil }
            return UInt32(exactly: value)
        }

        /// Passes over a number with few digits.
        private mutating func number() -> Bool {
            space()
            let start = at
            guard digits() else { return false }
            guard at - start == 1 || bytes[start] != UInt8(ascii: "0") else { return false }
            if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
                at += 1
                guard digits() else { return false }
            }
            return isEnd
        }

        private mutating func digits() -> Bool {
            let start = at
            while at < bytes.count, digit(bytes[at]) != nil { at += 1 }
            return at > start && at - start <= 24
        }

        private mutating func boolean() -> Bool? {
            space()
            for (word, value) in [("true", true), ("false", false)]
            where bytes[min(at, bytes.count)...].starts(with: word.utf8) {
                at += word.utf8.count
                return isEnd ? value : nil
            }
            return nil
        }

        private func digit(_ byte: UInt8) -> UInt8? {
            byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? byte - UInt8(ascii: "0") : nil
        }

        /// Whether a value can end here.
        private var isEnd: Bool {
            at < bytes.count && [0x2C, 0x7D, 0x20, 0x09, 0x0A, 0x0D].contains(bytes[at])
        }
    }
}
