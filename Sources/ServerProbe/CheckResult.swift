/// What came of one check.
public struct CheckResult: Sendable, Codable, Equatable {
    public enum Outcome: String, Sendable, Codable {
        case passed, failed
        /// It could not be checked, and `detail` says why.
        case skipped
    }

    public let name: String
    public let outcome: Outcome
    /// In words for people: what was found.
    public let detail: String
    /// What was measured, by name with the unit at the end.
    public let figures: [String: Double]
    /// How long the check took, s.
    public let seconds: Double

    public init(
        _ name: String, _ outcome: Outcome, _ detail: String, figures: [String: Double] = [:], seconds: Double = 0
    ) {
        self.name = name
        self.outcome = outcome
        self.detail = detail
        self.figures = figures.mapValues { ($0 * 1_000).rounded() / 1_000 }
        self.seconds = (seconds * 100).rounded() / 100
    }

    /// Runs a check; an error of it is what it found.
    static func of(
        _ name: String, _ body: () async throws -> (detail: String, figures: [String: Double])
    ) async -> CheckResult {
        let began = ContinuousClock.now
        func took() -> Double { (ContinuousClock.now - began) / .seconds(1) }
        do {
            let found = try await body()
            return CheckResult(name, .passed, found.detail, figures: found.figures, seconds: took())
        } catch let error as CheckFailure {
            return CheckResult(name, .failed, error.detail, figures: error.figures, seconds: took())
        } catch {
            return CheckResult(name, .failed, "\(error)", seconds: took())
        }
    }
}

/// Why a check failed.
struct CheckFailure: Error {
    let detail: String
    var figures: [String: Double] = [:]

    init(_ detail: String, figures: [String: Double] = [:]) {
        self.detail = detail
        self.figures = figures
    }
}
