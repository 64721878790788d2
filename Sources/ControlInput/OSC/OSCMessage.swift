/// A message of Open Sound Control 1.0: an address and its arguments.
struct OSCMessage: Equatable {
    enum Argument: Equatable {
        case number(Double)
        case text(String)
        case flag(Bool)
        case nothing
    }

    /// May be a pattern.
    let address: String
    let arguments: [Argument]
}

/// Why a packet is none.
enum OSCError: Error, Equatable, CustomStringConvertible {
    case truncated
    case noAddress
    case unknownType(Character)
    case tooDeep

    var description: String {
        switch self {
        case .truncated: "the packet ends too early"
        case .noAddress: "the packet begins with neither an address nor #bundle"
        case .unknownType(let tag): "an argument has the unknown type '\(tag)'"
        case .tooDeep: "bundles lie in one another too deeply"
        }
    }
}

/// Reads packets of Open Sound Control 1.0.
struct OSCPacket {
    /// Bundles within bundles.
    private static let deepest = 8

    /// The messages of a packet, of its bundles as well, in their order. Time tags are not waited for: what comes is for now.
    static func messages(_ bytes: [UInt8]) throws(OSCError) -> [OSCMessage] {
        var messages: [OSCMessage] = []
        try read(bytes[...], depth: 0, into: &messages)
        return messages
    }

    private static func read(
        _ bytes: ArraySlice<UInt8>, depth: Int, into messages: inout [OSCMessage]
    ) throws(OSCError) {
        guard depth < deepest else { throw .tooDeep }
        var reader = Reader(bytes)
        let address = try reader.string()
        if address == "#bundle" {
            _ = try reader.take(8)
            while !reader.isAtEnd {
                let size = Int(try reader.integer(4))
                try read(try reader.take(size), depth: depth + 1, into: &messages)
            }
            return
        }
        guard address.hasPrefix("/") else { throw .noAddress }
        // Very old senders leave the types out; then there are no arguments that could be read.
        guard !reader.isAtEnd else { return messages.append(OSCMessage(address: address, arguments: [])) }
        let tags = try reader.string()
        guard tags.first == "," else { throw .unknownType(tags.first ?? " ") }
        var arguments: [OSCMessage.Argument] = []
        for tag in tags.dropFirst() { arguments.append(try argument(tag, &reader)) }
        messages.append(OSCMessage(address: address, arguments: arguments))
    }

    private static func argument(_ tag: Character, _ reader: inout Reader) throws(OSCError) -> OSCMessage.Argument {
        switch tag {
        case "i": .number(Double(Int32(truncatingIfNeeded: try reader.integer(4))))
        case "f": .number(Double(Float(bitPattern: UInt32(truncatingIfNeeded: try reader.integer(4)))))
        case "h": .number(Double(Int64(bitPattern: try reader.integer(8))))
        case "d": .number(Double(bitPattern: try reader.integer(8)))
        case "s", "S": .text(try reader.string())
        case "T": .flag(true)
        case "F": .flag(false)
        case "N", "I": .nothing
        default: throw .unknownType(tag)
        }
    }

    private struct Reader {
        private var rest: ArraySlice<UInt8>

        init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

        var isAtEnd: Bool { rest.isEmpty }

        mutating func take(_ count: Int) throws(OSCError) -> ArraySlice<UInt8> {
            guard count >= 0, rest.count >= count else { throw .truncated }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }

        mutating func integer(_ count: Int) throws(OSCError) -> UInt64 {
            try take(count).reduce(0) { $0 << 8 | UInt64($1) }
        }

        /// Up to a zero, padded to a multiple of four bytes.
        mutating func string() throws(OSCError) -> String {
            guard let end = rest.firstIndex(of: 0) else { throw .truncated }
            let text = String(decoding: rest[rest.startIndex..<end], as: UTF8.self)
            let length = end - rest.startIndex + 1
            _ = try take(min((length + 3) / 4 * 4, rest.count))
            return text
        }
    }
}
