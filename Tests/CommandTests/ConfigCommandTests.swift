import Foundation
import Glibc
import ProgramHarness
import Testing

@Suite("configuration", .serialized)
struct ConfigCommandTests {
    private func write(_ text: String, _ program: PhiMatrixProgram) throws -> String {
        let folder = program.path("data/config")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let file = folder + "/phi-matrix.yaml"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        return file
    }

    /// A file, and what is said of it: line, column and a part of the sentence.
    struct Mistake: Sendable {
        let file: String
        let says: String
    }

    static let mistakes = [
        Mistake(file: "port: 8000\nprot: 1\n", says: ":2:1: there is no setting 'prot'; it may be meant for 'port'."),
        Mistake(file: "# a remark\n\nport: many\n", says: ":3:7: port must be a number: 'many' is none"),
        Mistake(
            file: "port: 70000\n", says: ":1:7: port must be a number: '70000' is none; give a number from 0 to 65535."),
        Mistake(file: "max_connections: [1, 2]\n", says: "max_connections takes one value, not a list."),
        Mistake(file: "host:\n  name: a\n", says: "host takes a value, not settings of its own."),
        Mistake(file: "log_level: loud\n", says: "choose one of: trace, debug, info"),
        Mistake(file: "auth_token: 12345\n", says: ":1:13: auth_token must be text; put it in quotes."),
        Mistake(file: "auth_token: \"se cret\"\n", says: "without spaces."),
        Mistake(file: "port: 1\nport: 2\n", says: "'port' is there twice; leave one of them."),
        Mistake(file: "port: 1\n  host: [\n", says: "this is no YAML"),
        Mistake(file: "- port\n", says: "the file must have lines such as 'port: 8000'."),
        Mistake(file: "colour_of_money: green\n", says: "there is no setting 'colour_of_money'; there are host, port,"),
    ]

    @Test("a mistake is named with its line, and no server starts with it", arguments: mistakes)
    func mistake(_ mistake: Mistake) async throws {
        try await withProgram { program in
            let file = try write(mistake.file, program)
            let check = try await program.run(["config", "check"])
            #expect(check.status == 65)
            #expect(check.text.hasPrefix(file + ":") && check.text.contains(mistake.says), "\(check.text)")
            #expect(!check.text.contains("se cret"))
            let serve = try await program.run(["serve", "--port", "0"])
            #expect(serve.status == 65)
            #expect(serve.errors.contains("phi-matrix.yaml, line "), "\(serve.errors)")
        }
    }

    @Test("all mistakes are listed, in the order of their lines")
    func several() async throws {
        try await withProgram { program in
            let file = try write("hots: a\nport: x\nlog_format: xml\n", program)
            let check = try await program.run(["config", "check", file])
            #expect(
                check.text.split(separator: "\n").map { $0.dropFirst(file.count).prefix(3) } == [":1:", ":2:", ":3:"])
            #expect(check.errors.contains("3 mistakes"))
            let serve = try await program.run(["serve", "--port", "0"])
            #expect(serve.errors.contains("lists all 3"), "\(serve.errors)")
        }
    }

    @Test("a file in order, an empty one and none are in order; a path that leads nowhere is not")
    func inOrder() async throws {
        try await withProgram { program in
            #expect((try await program.run(["config", "check"])).status == 0)
            for text in [
                "# only a remark\n", "port: 8123\nallowed_origins:\n  - https://a.example\n  - https://b.example\n",
            ] {
                _ = try write(text, program)
                let check = try await program.run(["config", "check"])
                #expect(check.status == 0 && check.text.hasSuffix("is in order.\n"), "\(check.text)\(check.errors)")
            }
            #expect((try await program.run(["config", "check", program.path("nothing.yaml")])).status == 74)
            _ = try write("tls_cert: a.pem\n", program)
            #expect((try await program.run(["config", "check"])).status == 64)
        }
    }

    @Test("what a server would be started with is shown with its sources, tokens masked")
    func show() async throws {
        try await withProgram { program in
            _ = try write(
                "port: 8123\nauth_token: \"hush-hush\"\nallowed_origins: [https://a.example, https://b.example]\n",
                program)
            let shown = try await program.run(["config", "show"], environment: ["SOUNDLAB_LOG_LEVEL": "debug"])
            #expect(shown.status == 0)
            #expect(!shown.text.contains("hush-hush"))
            #expect(shown.text.contains(/(?m)^port +file +restart +8123$/), "\(shown.text)")
            #expect(shown.text.contains(/(?m)^log_level +environment +SIGHUP +"debug"$/), "\(shown.text)")
            let json = try await program.run(["config", "show", "--json"])
            let entries = try JSONSerialization.jsonObject(with: json.output) as? [String: [String: Any]]
            #expect(entries?["allowed_origins"]?["value"] as? [String] == ["https://a.example", "https://b.example"])
            #expect(entries?["auth_token"]?["value"] as? String == "********")
            #expect(entries?["max_connections"]?["source"] as? String == "default")
        }
    }

    @Test("SIGHUP applies what can be applied, says what cannot, and a mistake changes nothing")
    func reload() async throws {
        try await withProgram { program in
            _ = try write("max_connections: 7\nlog_level: info\n", program)
            let (server, url) = try await program.serve(["--size", "160x96"])
            func profile(_ token: String?) async throws -> [String: [String: Any]]? {
                let profile = url.appending(path: "api/profile")
                let answer = try await LoopbackHTTP.request(
                    "GET",
                    token.map { profile.appending(queryItems: [URLQueryItem(name: "token", value: $0)]) } ?? profile)
                guard answer.status == 200 else { return nil }
                let body = try JSONSerialization.jsonObject(with: answer.body) as? [String: Any]
                return body?["settings"] as? [String: [String: Any]]
            }
            func limit(_ token: String?) async throws -> Int? {
                try await profile(token)?["max_connections"]?["value"] as? Int
            }
            #expect(try await limit(nil) == 7)

            _ = try write(
                "max_connections: 9\nlog_level: debug\nview_token: \"look\"\nlog_format: json\n", program)
            kill(server.processIdentifier, SIGHUP)
            let isChanged = try await poll(within: .seconds(5)) { try await limit("look") == 9 ? true : nil }
            #expect(isChanged == true)
            #expect(try await profile(nil) == nil)
            #expect(try await profile("look")?["log_level"]?["value"] as? String == "debug")

            _ = try write("max_connections: none\n", program)
            kill(server.processIdentifier, SIGHUP)
            try await Task.sleep(for: .seconds(1))
            #expect(try await limit("look") == 9)

            let end = await server.stop()
            #expect(end?.status == 0)
            let log = end?.errors ?? ""
            #expect(log.contains("changed=max_connections, view_token, log_level"), "\(log)")
            #expect(log.contains("log_format cannot change while the server runs"))
            #expect(log.contains("line 1: max_connections must be a number"))
        }
    }
}
