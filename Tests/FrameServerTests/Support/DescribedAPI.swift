import Foundation
import NIOCore
import PhiModel

@testable import FrameServer

/// The document of a running server that describes what it takes over HTTP.
struct DescribedAPI {
    /// One method of one path.
    struct Operation {
        let path: String
        let method: String
        let content: JSONValue
        let parameters: [JSONValue]
    }

    let check: SchemaCheck
    var document: JSONValue { check.document }

    init(_ server: TestServer, headers: [String: String] = [:]) async throws {
        check = SchemaCheck(document: try await server.document("/openapi.json", headers: headers))
    }

    var operations: [Operation] {
        guard case .object(let paths)? = document["paths"] else { return [] }
        return paths.sorted { $0.key < $1.key }.flatMap { path, item -> [Operation] in
            ["get", "post", "put", "delete"].compactMap { method in
                item[method].map { content in
                    let listed = (item["parameters"]?.array ?? []) + (content["parameters"]?.array ?? [])
                    return Operation(
                        path: path, method: method.uppercased(), content: content,
                        parameters: listed.map(check.resolved))
                }
            }
        }
    }

    /// The path with the examples of its parameters.
    func address(_ operation: Operation) -> String {
        operation.parameters.reduce(operation.path) { path, parameter in
            guard let name = parameter["name"]?.string, let example = parameter["example"] else { return path }
            let text = example.string ?? example.number.map { String(Int($0)) } ?? ""
            return path.replacing("{\(name)}", with: text)
        }
    }

    /// The bodies that are given as examples; one nil for a request without.
    func bodies(_ operation: Operation) -> [JSONValue?] {
        guard let media = operation.content["requestBody"]?["content"]?["application/json"] else { return [nil] }
        if case .object(let named)? = media["examples"] { return named.values.map { $0["value"] } }
        return [media["example"]]
    }

    /// What an answer has that is not described.
    func problems(_ reply: Reply, of operation: Operation) -> [String] {
        let call = "\(operation.method) \(operation.path) \(reply.status)"
        guard let described = operation.content["responses"]?["\(reply.status)"] else {
            return ["\(call): the status is not described: \(reply.text.prefix(200))"]
        }
        guard case .object(let content)? = check.resolved(described)["content"] else {
            return reply.body.readableBytes == 0 ? [] : ["\(call): a body is not described"]
        }
        let type = reply.headers["content-type"] ?? ""
        guard let media = content[type] else { return ["\(call): the type \(type) is not described"] }
        guard type == "application/json", let schema = media["schema"] else { return [] }
        guard let value = try? JSONValue(json: Data(reply.body.readableBytesView)) else { return ["\(call): no JSON"] }
        return check.problems(value, schema, at: call)
    }
}

extension TestServer {
    /// A JSON document of the server.
    func document(_ path: String, headers: [String: String] = [:]) async throws -> JSONValue {
        try JSONValue(json: Data(try await request(path, headers: headers).body.readableBytesView))
    }
}
