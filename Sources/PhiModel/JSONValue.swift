import FoundationEssentials

/// Any JSON, for what is passed on, merged or compared without being understood. It is read by `init(json:)` alone: as a part
/// of something else that is decoded, it would cost a time that grows with the cube of its depth.
public indirect enum JSONValue: Encodable, Sendable, Equatable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    /// Reads JSON. Throws where it is none, or is nested more than 64 deep.
    public init(json: Data) throws { self = try json.withUnsafeBytes { bytes in try JSONParser.parse(bytes) } }

    /// The value of something that can be encoded.
    public init(encoding value: some Encodable) throws { try self.init(json: try JSONEncoder().encode(value)) }

    /// The value as JSON.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    /// The value of a field; nil where this is no object, or has none of that name.
    public subscript(field: String) -> JSONValue? {
        guard case .object(let fields) = self else { return nil }
        return fields[field]
    }

    public var number: Double? { if case .number(let value) = self { value } else { nil } }
    public var string: String? { if case .string(let value) = self { value } else { nil } }
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }

    /// This with the fields of `other` put over it, at every depth (RFC 7396, but null is kept): arrays are replaced whole.
    public func merged(with other: JSONValue) -> JSONValue {
        guard case .object(let mine) = self, case .object(let theirs) = other else { return other }
        return .object(mine.merging(theirs) { $0.merged(with: $1) })
    }

    /// Every value that is no object, and no array of objects, by its path, such as "channels[2].amplitude".
    public var leaves: [String: JSONValue] {
        var found: [String: JSONValue] = [:]
        func visit(_ value: JSONValue, _ path: String) {
            switch value {
            case .object(let fields):
                for (key, value) in fields { visit(value, path.isEmpty ? key : "\(path).\(key)") }
            case .array(let items) where items.contains { if case .object = $0 { true } else { false } }:
                for (n, item) in items.enumerated() { visit(item, "\(path)[\(n)]") }
            default: found[path] = value
            }
        }
        visit(self, "")
        return found
    }
}
