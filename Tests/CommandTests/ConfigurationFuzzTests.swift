import Foundation
import Fuzz
import Testing

@testable import phi_matrix

@Suite(.timeLimit(.minutes(12)))
struct ConfigurationFuzzTests {
    private static let files = [
        """
        # How the server is reached.
        host: 127.0.0.1
        port: 8000
        max_connections: 100
        max_connections_per_ip: 10
        allowed_origins: [https://a.example, https://b.example]
        log_level: info
        log_format: json
        auth_token: "abcdef"
        audit_log: logs/audit.jsonl
        """, "port: 0\nallowed_origins:\n  - https://a.example\n  - 'x'\ntls_cert: a.pem\ntls_key: b.pem\n",
        "host: &a localhost\naudit_log: *a\nview_token: !!str 12\nlog_level: |\n  debug\n",
    ]
    private static let odd = [
        "host: ", "port: 99999", "port: -1", "port: 0x1F", "port: 1_000", "port: 1e3", "? [a, b]\n: c\n", "- a\n", "{",
        "[[", "&a [*a]",
        "<<: {port: 1}\n", "!!binary x", "!!int y", "\t", "---\n", "...\n", "%YAML 9.9\n", "\u{FEFF}", "\u{2028}", "~",
        "null", "yes",
        "host: [\n", "port: {a: 1}\n", "'", "\"\\x", "|9\n", "max_connections: 9223372036854775808\n", "é: 1\n",
        "0: 0\n",
    ]

    @Test("Damaged configurations are found fault with, line and all, or taken")
    func configurations() async throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "configuration-fuzz-\(UUID().uuidString)")
        let data = DataDirectory(root.path)
        try FileManager.default.createDirectory(at: root.appending(path: "config"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: root) }
        var taken: [Int] = []
        let run = FuzzRun("configuration", seed: 51)
        let report = try run.run(short: 3_000) { n, random in
            let content = Self.damaged(&random)
            let findings = ConfigurationFile.findings(in: Data(content))
            let lines = content.split(separator: 10, omittingEmptySubsequences: false).count
            for finding in findings where finding.text.isEmpty || finding.line < 0 || finding.line > lines + 2 {
                Issue.record("input \(n): \(finding)")
            }
            if findings.isEmpty { taken.append(n) }
            return findings.isEmpty
        }
        #expect(
            !FuzzRun.isWhole || report.accepted > report.count / 50 && report.refused > report.count / 50, "\(report)")

        // What no fault is found with is read as at a start: the server has it, or says why not.
        for n in taken.prefix(FuzzRun.isLong ? 20_000 : 200) {
            var random = run.numbers(n)
            try Data(Self.damaged(&random)).write(to: data.configuration)
            do { _ = try await ServeSettings(flags: [:], dataDirectory: data) } catch let error as CommandError {
                if "\(error)".isEmpty { Issue.record("input \(n): no word of why") }
            }
        }
    }

    @Test(
        "Brackets without end are a fault, not a crash", arguments: ["[", "{a: ", "- ", "? ", "!a ", "&a ", "host: ["])
    func depth(_ sign: String) {
        let text = String(repeating: sign, count: 200_000 / sign.utf8.count)
        #expect(!ConfigurationFile.findings(in: Data(text.utf8)).isEmpty)
    }

    private static func damaged(_ random: inout FuzzNumbers) -> [UInt8] {
        var lines = random.one(of: files).split(separator: "\n").map { Array($0.utf8) }
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let place = Int.random(in: 0..<lines.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: lines[place] = Array(random.one(of: odd).utf8)
            case 1: lines.insert(Array(random.one(of: odd).utf8), at: place)
            case 2: lines.insert(random.one(of: lines), at: place)
            case 3: lines[place] = Array(repeating: 32, count: Int.random(in: 0...6, using: &random)) + lines[place]
            default: lines[place] = Damage.bytes(lines[place], using: &random)
            }
        }
        return Array(lines.joined(separator: [10])) + [10]
    }
}
