import Foundation
import Yams

/// The configuration file, looked through before anything is taken from it: a key that is misspelt would otherwise be passed
/// over, and a value of the wrong kind be taken for none.
struct ConfigurationFile {
    /// No honest file is larger, bytes.
    private static let largest = 1 << 20

    let path: String

    /// Its bytes; nil where there is no such file.
    ///
    /// - Throws: `CommandError` where it cannot be read.
    func read() throws -> Data? {
        do { return try Data(contentsOf: URL(filePath: path)) } catch CocoaError.fileReadNoSuchFile {
            return nil
        } catch {
            throw CommandError(.inputOutput, "The configuration \(path) cannot be read; mend its permissions.")
        }
    }

    /// What is wrong with these bytes, in the order of the lines.
    static func findings(in data: Data) -> [ConfigurationFinding] {
        guard data.count <= largest else {
            return [ConfigurationFinding(line: 1, column: 1, text: "the file is over 1 MiB; that is no configuration")]
        }
        guard let text = String(data: data, encoding: .utf8) else {
            return [ConfigurationFinding(line: 1, column: 1, text: "the file is no UTF-8 text; save it as UTF-8")]
        }
        return findings(in: text)
    }

    /// What is wrong with this text.
    static func findings(in text: String) -> [ConfigurationFinding] {
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch {
            return [finding(error)]
        }
        guard let root, !isEmpty(root) else { return [] }
        guard case .mapping(let mapping) = root else {
            return [finding(root, "the file must have lines such as 'port: 8000'")]
        }
        var findings: [ConfigurationFinding] = []
        for (key, value) in mapping {
            guard let name = key.scalar?.string else {
                findings.append(finding(key, "a setting's name must be a word"))
                continue
            }
            guard let known = SettingKey.named(name) else {
                findings.append(finding(key, unknown(name)))
                continue
            }
            if let complaint = complaint(known, value) {
                findings.append(finding(value, "\(name) \(complaint)"))
            }
        }
        return findings.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
    }

    /// Whether there is no setting in it, but perhaps remarks.
    static func isEmpty(_ text: String) -> Bool {
        guard let root = try? Yams.compose(yaml: text) else { return true }
        return isEmpty(root)
    }

    private static func isEmpty(_ node: Node) -> Bool {
        guard case .scalar(let scalar) = node else { return false }
        return scalar.string.isEmpty || node.tag == Tag(.null)
    }

    private static func complaint(_ key: SettingKey, _ value: Node) -> String? {
        switch value {
        case .scalar(let scalar):
            // A setting without a value is as good as none.
            if scalar.string.isEmpty || value.tag == Tag(.null) { return nil }
            switch key.kind {
            case .token where value.tag != Tag(.str): return "must be text; put it in quotes"
            case .text where value.tag == Tag(.bool): return "must be text; put it in quotes"
            default: break
            }
            guard let complaint = key.complaint(about: scalar.string) else { return nil }
            return switch key.kind {
            case .number: "must be a number: \(complaint)"
            case .choice: "must be a word that is known: \(complaint)"
            default: "cannot be used: \(complaint)"
            }
        case .sequence(let items):
            guard case .list = key.kind else { return "takes one value, not a list" }
            return items.contains { $0.scalar == nil } ? "takes a list of words" : nil
        case .mapping: return "takes a value, not settings of its own"
        case .alias: return "takes a value, not an alias"
        }
    }

    private static func unknown(_ name: String) -> String {
        let near = SettingKey.all.map { ($0.name, distance(name.lowercased(), $0.name)) }.min { $0.1 < $1.1 }
        guard let near, near.1 <= max(2, name.count / 3) else {
            return "there is no setting '\(name)'; there are \(SettingKey.all.map(\.name).joined(separator: ", "))"
        }
        return "there is no setting '\(name)'; it may be meant for '\(near.0)'"
    }

    /// How many letters have to be put in, left out or changed (Levenshtein).
    private static func distance(_ a: String, _ b: String) -> Int {
        let b = Array(b)
        var row = Array(0...b.count)
        for (i, letter) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in b.indices {
                let changed = diagonal + (letter == b[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(changed, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[b.count]
    }

    private static func finding(_ node: Node, _ text: String) -> ConfigurationFinding {
        ConfigurationFinding(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1, text: text)
    }

    private static func finding(_ error: any Error) -> ConfigurationFinding {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            ConfigurationFinding(line: mark.line, column: mark.column, text: "this is no YAML (\(problem))")
        case .duplicatedKeysInMapping(let duplicates, let context):
            ConfigurationFinding(
                line: context.mark.line, column: context.mark.column,
                text: "'\(duplicates.sorted().joined(separator: "', '"))' is there twice; leave one of them")
        default:
            ConfigurationFinding(line: 1, column: 1, text: "this is no YAML (\(error))")
        }
    }
}
