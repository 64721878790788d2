import Foundation

/// What `doctor` found.
struct DoctorReport: Encodable {
    enum Verdict: String, Encodable {
        case good, missing, note
    }

    struct Finding: Encodable {
        var verdict: Verdict
        var what: String
        /// The command or the step that mends it.
        var remedy: String?
    }

    struct Section: Encodable {
        var name: String
        var findings: [Finding]
        /// Whether frames cannot be drawn while something is missing here.
        var isEssential = false
    }

    var sections: [Section]

    var canDraw: Bool {
        !sections.contains { $0.isEssential && $0.findings.contains { $0.verdict == .missing } }
    }

    var text: String {
        var lines: [String] = []
        for section in sections {
            lines.append(section.name)
            for finding in section.findings {
                let mark =
                    switch finding.verdict {
                    case .good: "ok      "
                    case .missing: "MISSING "
                    case .note: "note    "
                    }
                lines.append("  \(mark)\(finding.what)")
                if let remedy = finding.remedy { lines.append("          \(remedy)") }
            }
        }
        lines.append(
            canDraw ? "Frames can be drawn here." : "Frames cannot be drawn here until what is MISSING is mended.")
        return lines.joined(separator: "\n")
    }

    func json() throws -> String {
        struct Document: Encodable {
            var version: String
            var canDraw: Bool
            var sections: [Section]
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        let data = try encoder.encode(
            Document(version: ProductVersion.number, canDraw: canDraw, sections: sections))
        return String(decoding: data, as: UTF8.self)
    }
}
