import Foundation
import PhiModel

/// Checks values against the schemas of a document: as much of JSON Schema as those use, and more strictly, for a field that a
/// schema does not list is a fault, and so is a keyword that is not checked here.
struct SchemaCheck {
    let document: JSONValue

    private static let annotations: Set = [
        "description", "title", "summary", "example", "examples", "default", "format", "contentEncoding",
        "contentMediaType",
    ]
    private static let checked: Set = [
        "$ref", "type", "const", "enum", "properties", "required", "additionalProperties", "items", "minItems",
        "maxItems", "minimum", "maximum", "minLength", "maxLength", "pattern", "allOf", "anyOf", "oneOf",
    ]

    /// What `#/a/b` leads to; nil where it leads nowhere.
    func target(of reference: String) -> JSONValue? {
        guard reference.hasPrefix("#/") else { return nil }
        return reference.dropFirst(2).split(separator: "/").reduce(document as JSONValue?) { found, step in
            found?[String(step).replacing("~1", with: "/").replacing("~0", with: "~")]
        }
    }

    /// What a value is that may be a reference.
    func resolved(_ value: JSONValue) -> JSONValue {
        guard let reference = value["$ref"]?.string, let found = target(of: reference) else { return value }
        return resolved(found)
    }

    /// Every reference in the document.
    var references: [String] {
        document.leaves.compactMap { $0.key.hasSuffix("$ref") ? $0.value.string : nil }
    }

    /// What does not fit, by the path of what it is at; empty where all does.
    func problems(_ value: JSONValue, _ schema: JSONValue, at path: String = "$") -> [String] {
        shape(value, schema, path) + strangers(value, schema, path)
    }

    // MARK: What a schema says

    private func shape(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        guard case .object(let keywords) = schema else { return ["\(path): the schema is none"] }
        var found = keywords.keys.filter { !Self.checked.contains($0) && !Self.annotations.contains($0) }
            .map { "\(path): the keyword \($0) is not checked" }
        if let reference = schema["$ref"]?.string {
            guard let target = target(of: reference) else { return ["\(path): \(reference) leads nowhere"] }
            found += shape(value, target, path)
        }
        if let types = schema["type"].map({ $0.array ?? [$0] }), !types.contains(where: { Self.is(value, $0.string) }) {
            return found + ["\(path): \(value) is no \(types.compactMap(\.string).joined(separator: " or "))"]
        }
        if let wanted = schema["const"], wanted != value { found.append("\(path): \(value) is not \(wanted)") }
        if let choice = schema["enum"]?.array, !choice.contains(value) {
            found.append("\(path): \(value) is not in the list")
        }
        found += numbers(value, schema, path) + texts(value, schema, path) + lists(value, schema, path)
        found += fields(value, schema, path) + choices(value, schema, path)
        return found
    }

    private static func `is`(_ value: JSONValue, _ type: String?) -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .bool), ("number", .number), ("string", .string), ("array", .array),
            ("object", .object):
            true
        case ("integer", .number(let number)): number == number.rounded()
        default: false
        }
    }

    private func numbers(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        guard let number = value.number else { return [] }
        let least = schema["minimum"]?.number ?? -.infinity, most = schema["maximum"]?.number ?? .infinity
        return (least...most).contains(number) ? [] : ["\(path): \(number) is not in \(least) … \(most)"]
    }

    private func texts(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        guard let text = value.string else { return [] }
        var found: [String] = []
        let least = schema["minLength"]?.number ?? 0, most = schema["maxLength"]?.number ?? .infinity
        if !(least...most).contains(Double(text.count)) { found.append("\(path): '\(text)' is too short or too long") }
        if let pattern = schema["pattern"]?.string {
            guard let expression = try? Regex(pattern) else { return ["\(path): the pattern \(pattern) is none"] }
            if text.firstMatch(of: expression) == nil { found.append("\(path): '\(text)' does not match \(pattern)") }
        }
        return found
    }

    private func lists(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        guard let items = value.array else { return [] }
        let least = schema["minItems"]?.number ?? 0, most = schema["maxItems"]?.number ?? .infinity
        let count = (least...most).contains(Double(items.count)) ? [] : ["\(path): \(items.count) items"]
        guard let kind = schema["items"] else { return count }
        return count + items.enumerated().flatMap { problems($1, kind, at: "\(path)[\($0)]") }
    }

    private func fields(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        guard case .object(let fields) = value else { return [] }
        var found = (schema["required"]?.array ?? []).compactMap(\.string).filter { fields[$0] == nil }
            .map { "\(path): \($0) is missing" }
        for (name, field) in fields {
            if let kind = schema["properties"]?[name] ?? schema["additionalProperties"] {
                found += problems(field, kind, at: "\(path).\(name)")
            }
        }
        return found
    }

    private func choices(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        var found = (schema["allOf"]?.array ?? []).flatMap { shape(value, $0, path) }
        if let any = schema["anyOf"]?.array, !any.contains(where: { problems(value, $0, at: path).isEmpty }) {
            found.append("\(path): \(value) is none of what it may be")
        }
        if let one = schema["oneOf"]?.array {
            let fitting = one.count { problems(value, $0, at: path).isEmpty }
            if fitting != 1 { found.append("\(path): \(value) is \(fitting) of what it has to be one of") }
        }
        return found
    }

    // MARK: What it does not say

    private func strangers(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        guard case .object(let fields) = value, let known = names(schema) else { return [] }
        return fields.keys.filter { !known.contains($0) }.map { "\(path): the field \($0) is not described" }
    }

    /// The fields that an object can have; nil where they are not listed, or are others by each choice.
    private func names(_ schema: JSONValue) -> Set<String>? {
        let schema = resolved(schema)
        if schema["additionalProperties"] != nil { return nil }
        let parts = schema["allOf"]?.array?.map(names) ?? []
        guard case .object(let properties)? = schema["properties"] else {
            return parts.isEmpty || parts.contains(nil) ? nil : parts.reduce(into: []) { $0.formUnion($1 ?? []) }
        }
        return parts.reduce(into: Set(properties.keys)) { $0.formUnion($1 ?? []) }
    }
}
