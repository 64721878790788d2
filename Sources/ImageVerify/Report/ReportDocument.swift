import Foundation

/// A run as the JSON report has it, and as the page shows it.
struct ReportDocument: Encodable {
    struct Tolerance: Encodable {
        let name: String
        let maxDifference: Int?
        let outliers: Double?
        let flipMean: Double
        let flipP99: Double?
    }

    struct Metrics: Encodable {
        let identical: Bool
        let maxDifference: Int
        let outliers: Double
        let flipMean: Double
        let flipP99: Double
    }

    struct Images: Encodable {
        var actual: String?
        var expected: String?
        var flip: String?
        var difference: String?
    }

    struct Case: Encodable {
        let name: String
        let scene: String
        let preset: String?
        let input: String
        let width: Int
        let height: Int
        let quality: Int
        let why: String
        let outcome: CaseResult.Outcome
        let knownFailure: String?
        let tier: Int
        let goldenDriverKey: String?
        let reasons: [String]
        let tolerance: Tolerance?
        let metrics: Metrics?
        let histogram: [Double]?
        let probes: [CaseResult.Measurement]
        let validation: [String]
        let actualHash: String?
        let expectedHash: String?
        let renderMs: Double
        let compareMs: Double
        let approve: String?
        var images = Images()

        init(_ result: CaseResult, approveCommand: String?) {
            let item = result.item
            name = item.name
            scene = item.scene
            preset = item.preset
            input = item.input
            width = item.pixels?.width ?? 0
            height = item.pixels?.height ?? 0
            quality = item.quality ?? 5
            why = item.why
            outcome = result.outcome
            knownFailure = item.knownFailure
            tier = result.tier
            goldenDriverKey = result.approval?.driverKey
            reasons = result.reasons
            tolerance = result.tolerance.map { tolerance in
                result.tier == 2
                    ? Tolerance(
                        name: item.tolerance, maxDifference: nil, outliers: nil,
                        flipMean: tolerance.otherDriver.flipMean,
                        flipP99: tolerance.otherDriver.flipP99)
                    : Tolerance(
                        name: item.tolerance, maxDifference: tolerance.maxDifference, outliers: tolerance.outliers,
                        flipMean: tolerance.flipMean, flipP99: nil)
            }
            let levels = result.tolerance?.maxDifference ?? 0
            metrics =
                result.comparison.map {
                    Metrics(
                        identical: $0.isIdentical, maxDifference: $0.maxDifference,
                        outliers: $0.outliers(beyond: levels),
                        flipMean: $0.flip.mean, flipP99: $0.flip.p99)
                }
                ?? (result.expected == nil || result.outcome == .error
                    ? nil : Metrics(identical: true, maxDifference: 0, outliers: 0, flipMean: 0, flipP99: 0))
            histogram = result.comparison?.flip.histogram(count: 32)
            probes = result.measurements
            validation = result.validation
            actualHash = result.actualHash
            expectedHash = result.approval?.newHash
            renderMs = result.renderMilliseconds
            compareMs = result.compareMilliseconds
            approve =
                result.isFine || result.actual == nil
                ? nil : approveCommand.map { "\($0) --case \(item.name) --reason \"…\"" }
        }
    }

    let schema = "phi-verify-report.v1"
    let version: String
    let commit: String
    let created: String
    let device: String
    let driver: String
    let driverKey: String
    let seconds: Double
    let validation: Bool
    let summary: String
    let passed: Bool
    let complaints: [String]
    let counts: [String: Int]
    var cases: [Case]

    init(_ run: VerificationRun) {
        version = run.context.version
        commit = run.context.commit
        created = run.created.formatted(.iso8601)
        device = run.context.device
        driver = run.context.driver
        driverKey = run.context.driverKey
        seconds = run.seconds
        validation = run.context.isValidated
        summary = run.summary
        passed = run.isFine
        complaints = run.complaints
        counts = Dictionary(uniqueKeysWithValues: CaseResult.Outcome.allCases.map { ($0.rawValue, run.count($0)) })
        cases = run.results.map { Case($0, approveCommand: run.context.approveCommand) }
    }

    func json(pretty: Bool) throws -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        // A measurement may be no number, which JSON does not know.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "∞", negativeInfinity: "−∞", nan: "none")
        encoder.outputFormatting = pretty ? [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes] : [.sortedKeys]
        return try encoder.encode(self)
    }
}
