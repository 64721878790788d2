import Foundation

/// A run as JUnit XML, which every CI system shows.
public enum JUnitReport {
    /// The document.
    public static func make(_ run: VerificationRun) -> String {
        let failures = run.count(.failed) + run.count(.missing) + run.count(.unexpectedPass)
        var lines = [
            #"<?xml version="1.0" encoding="UTF-8"?>"#,
            "<testsuites>",
            "  <testsuite name=\"phi-matrix verify\" tests=\"\(run.results.count + (run.complaints.isEmpty ? 0 : 1))\""
                + " failures=\"\(failures)\" errors=\"\(run.count(.error) + (run.complaints.isEmpty ? 0 : 1))\""
                + " skipped=\"\(run.count(.knownFailure))\" time=\"\(seconds(run.seconds * 1_000))\""
                + " timestamp=\"\(run.created.formatted(.iso8601))\">",
            "    <properties>",
            property("driver", run.context.driver), property("driver_key", run.context.driverKey),
            property("device", run.context.device), property("commit", run.context.commit),
            "    </properties>",
        ]
        for result in run.results { lines += testCase(result) }
        if !run.complaints.isEmpty {
            lines.append("    <testcase classname=\"phi-matrix\" name=\"validation layer\">")
            lines.append(
                "      <error message=\"\(escaped(run.complaints[0]))\">\(escaped(run.complaints.joined(separator: "\n")))</error>"
            )
            lines.append("    </testcase>")
        }
        lines += ["  </testsuite>", "</testsuites>", ""]
        return lines.joined(separator: "\n")
    }

    private static func testCase(_ result: CaseResult) -> [String] {
        let time = seconds(result.renderMilliseconds + result.compareMilliseconds)
        let head =
            "    <testcase classname=\"phi-matrix.\(escaped(result.item.scene))\" name=\"\(escaped(result.item.name))\""
            + " time=\"\(time)\""
        let message = escaped(result.reasons.first ?? result.outcome.rawValue)
        let text = escaped(result.reasons.joined(separator: "\n"))
        switch result.outcome {
        case .passed: return [head + "/>"]
        case .knownFailure:
            return [
                head + ">", "      <skipped message=\"\(escaped(result.item.knownFailure ?? ""))\"/>",
                "    </testcase>",
            ]
        case .error: return [head + ">", "      <error message=\"\(message)\">\(text)</error>", "    </testcase>"]
        case .failed, .missing, .unexpectedPass:
            return [
                head + ">",
                "      <failure type=\"\(result.outcome.rawValue)\" message=\"\(message)\">\(text)</failure>",
                "    </testcase>",
            ]
        }
    }

    private static func property(_ name: String, _ value: String) -> String {
        "      <property name=\"\(name)\" value=\"\(escaped(value))\"/>"
    }

    private static func seconds(_ milliseconds: Double) -> String {
        let thousandths = Int(milliseconds.rounded())
        let fraction = "\(thousandths % 1_000)"
        return "\(thousandths / 1_000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }

    /// As text or as the value of an attribute; what XML 1.0 does not know is left out.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n": result += "&#10;"
            case "\t": result += " "
            default:
                if scalar.value >= 0x20, scalar.value != 0xFFFE, scalar.value != 0xFFFF {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }
}
