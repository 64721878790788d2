import Foundation

/// Why a preset cannot be used: file, field and reason.
public struct PresetError: Error, Equatable, CustomStringConvertible {
    /// The file, or the name that was asked for.
    public let source: String
    /// The path of the field, such as "phi.depth"; nil where the whole is at fault.
    public let field: String?
    /// A part of a sentence.
    public let reason: String

    public init(source: String, field: String? = nil, reason: String) {
        self.source = source
        self.field = field
        self.reason = reason
    }

    init(source: String, decoding error: DecodingError) {
        func path(_ context: DecodingError.Context) -> String? {
            let parts = context.codingPath.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }
            let joined = parts.joined()
            return joined.isEmpty ? nil : joined.hasPrefix(".") ? String(joined.dropFirst()) : joined
        }
        switch error {
        case .keyNotFound(let key, _): self.init(source: source, field: key.stringValue, reason: "it is missing")
        case .typeMismatch(let type, let context):
            self.init(source: source, field: path(context), reason: "it has to be of type \(type)")
        case .valueNotFound(_, let context): self.init(source: source, field: path(context), reason: "it is null")
        default: self.init(source: source, reason: "it is not JSON")
        }
    }

    public var description: String {
        "The preset \(source) cannot be used\(field.map { ": \($0)" } ?? ""): \(reason)."
    }
}
