import Foundation

/// A whole run of golden cases: what reports are made of.
public struct VerificationRun: Sendable {
    /// Who drew, and with what.
    public struct Context: Sendable {
        public let version: String
        public let commit: String
        public let device: String
        public let driver: String
        public let driverKey: String
        /// Whether the validation layer was on.
        public let isValidated: Bool
        /// The command that approves a case, up to its `--case`; nil where nothing can be approved.
        public let approveCommand: String?

        public init(
            version: String, commit: String, device: String, driver: String, driverKey: String, isValidated: Bool,
            approveCommand: String?
        ) {
            self.version = version
            self.commit = commit
            self.device = device
            self.driver = driver
            self.driverKey = driverKey
            self.isValidated = isValidated
            self.approveCommand = approveCommand
        }
    }

    public let context: Context
    public let created: Date
    /// How long it took.
    public let seconds: Double
    /// In the order of the manifest.
    public let results: [CaseResult]
    /// What went wrong beside the cases, such as what the validation layer said at the end.
    public let complaints: [String]

    public init(
        context: Context, created: Date = .now, seconds: Double, results: [CaseResult], complaints: [String] = []
    ) {
        self.context = context
        self.created = created
        self.seconds = seconds
        self.results = results
        self.complaints = complaints
    }

    /// How many cases came out so.
    public func count(_ outcome: CaseResult.Outcome) -> Int { results.count { $0.outcome == outcome } }

    /// Whether everything is as it has to be.
    public var isFine: Bool { complaints.isEmpty && results.allSatisfy(\.isFine) }

    /// One line for the log of a pipeline.
    public var summary: String {
        var parts = ["\(count(.passed)) of \(results.count) cases passed in \(String(format: "%.1f", seconds)) s"]
        func add(_ outcome: CaseResult.Outcome, _ one: String, _ many: String) {
            let count = count(outcome)
            if count > 0 { parts.append("\(count) \(count == 1 ? one : many)") }
        }
        add(.failed, "failed", "failed")
        add(.missing, "has no golden picture", "have no golden picture")
        add(.error, "could not be compared", "could not be compared")
        add(.unexpectedPass, "passed though known to fail", "passed though known to fail")
        add(.knownFailure, "failed as known", "failed as known")
        if !complaints.isEmpty { parts.append("\(complaints.count) complaints of the validation layer at the end") }
        return parts.joined(separator: ", ") + "."
    }
}
