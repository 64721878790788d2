import Foundation

/// A whole run of golden cases: what reports are made of.
public struct VerificationRun: Sendable {
    /// Who drew, and with what.
    public struct Context: Sendable {
        /// Of the program.
        public let version: String
        /// Of the program's source.
        public let commit: String
        /// The device's name.
        public let device: String
        /// Name and version of its driver.
        public let driver: String
        /// See `DriverKey`.
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

    /// Who drew.
    public let context: Context
    /// When the run ended.
    public let created: Date
    /// How long it took.
    public let seconds: Double
    /// In the order of the manifest.
    public let results: [CaseResult]
    /// What went wrong beside the cases, such as what the validation layer said at the end.
    public let complaints: [String]

    /// What else there is to say: a sentence.
    public let note: String?

    /// - Parameters:
    ///   - seconds: How long it took.
    ///   - results: In the order of the manifest.
    public init(
        context: Context, created: Date = .now, seconds: Double, results: [CaseResult], complaints: [String] = [],
        note: String? = nil
    ) {
        self.context = context
        self.created = created
        self.seconds = seconds
        self.results = results
        self.complaints = complaints
        self.note = note
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
        return parts.joined(separator: ", ") + "." + (note.map { " \($0)" } ?? "")
    }
}
