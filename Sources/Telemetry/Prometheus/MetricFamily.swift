/// What kind of metric a name stands for.
enum MetricKind: String, Sendable {
    case counter, gauge, histogram
}

/// One line of labels under a name.
protocol MetricSeries: AnyObject, Sendable {
    /// Appends the samples. `labels` is either empty or `a="b",c="d"`.
    func render(name: String, labels: String, into text: inout String)
}

/// All series of one name.
struct MetricFamily: Sendable {
    let kind: MetricKind
    var series: [String: any MetricSeries] = [:]

    init(kind: MetricKind) { self.kind = kind }

    func render(name: String, help: String, into text: inout String) {
        text += "# HELP \(name) \(MetricName.escapedHelp(help))\n# TYPE \(name) \(kind.rawValue)\n"
        for (labels, series) in series.sorted(by: { $0.key < $1.key }) {
            series.render(name: name, labels: labels, into: &text)
        }
    }
}

/// The spelling rules of the text format.
enum MetricName {
    /// Letters, digits, underscores and colons, not beginning with a digit.
    static func sanitized(_ name: String) -> String {
        let kept = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") ? $0 : "_" })
        return kept.first.map { $0.isNumber ? "_" + kept : kept } ?? "_"
    }

    /// `a="b",c="d"`, sorted by label, so that the order in which a caller names them makes no second series.
    static func labels(_ labels: [(String, String)]) -> String {
        labels.sorted { $0.0 < $1.0 }
            .map { "\(sanitized($0.0))=\"\(escapedValue($0.1))\"" }
            .joined(separator: ",")
    }

    static func escapedHelp(_ help: String) -> String { escaped(help, alsoQuotes: false) }

    /// The sample's name with its labels in braces, where it has any.
    static func sample(_ name: String, _ labels: String, _ extra: String = "") -> String {
        let all = [labels, extra].filter { !$0.isEmpty }.joined(separator: ",")
        return all.isEmpty ? name : "\(name){\(all)}"
    }

    /// As short as the value allows: whole numbers without a point.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        if value.rounded() == value, abs(value) < 1e15 { return String(Int64(value)) }
        return String(value)
    }

    private static func escapedValue(_ value: String) -> String { escaped(value, alsoQuotes: true) }

    private static func escaped(_ text: String, alsoQuotes: Bool) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where alsoQuotes: result += "\\\""
            default: result.append(character)
            }
        }
        return result
    }
}
