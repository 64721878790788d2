import Foundation

/// Says of a picture whether it is as it has to be: tier 0 by itself, tier 1 against a golden picture of the same driver, tier
/// 2 against one of another.
public struct Judge: Sendable {
    private let manifest: GoldenManifest
    private let approvals: Approvals
    private let driverKey: String

    /// - Parameter driverKey: Of the driver that draws: see `DriverKey`.
    public init(_ manifest: GoldenManifest, _ approvals: Approvals, driverKey: String) {
        self.manifest = manifest
        self.approvals = approvals
        self.driverKey = driverKey
    }

    /// What is known of a picture before it is compared.
    public struct Findings: Sendable {
        /// What is wrong with any picture like that: sentences.
        public var faults: [String]
        /// What was measured in it.
        public var measurements: [CaseResult.Measurement]
        /// What the validation layer said while it was drawn.
        public var validation: [String]

        public init(
            faults: [String] = [], measurements: [CaseResult.Measurement] = [], validation: [String] = []
        ) {
            self.faults = faults
            self.measurements = measurements
            self.validation = validation
        }
    }

    /// Judges the picture of a case.
    public func judge(_ item: GoldenCase, _ actual: RasterImage, _ findings: Findings) -> CaseResult {
        let began = ContinuousClock.now
        var result = CaseResult(item, .passed, tolerance: manifest.tolerances[item.tolerance])
        result.actual = actual
        result.actualHash = actual.hash
        result.measurements = findings.measurements
        result.validation = findings.validation
        result.reasons = findings.faults
        result.reasons += findings.measurements.filter { !$0.passed }.map(\.complaint)
        if let first = findings.validation.first {
            result.reasons.append("The validation layer complains: \(first)")
        }
        result.faults = result.reasons
        if !result.reasons.isEmpty { result.outcome = .failed }
        compare(&result, actual)
        if item.knownFailure != nil {
            // What is known is how the picture differs; no word of the validation layer and no missing picture is excused by it.
            if result.outcome == .failed, result.validation.isEmpty, result.expected != nil {
                result.outcome = .knownFailure
            } else if result.outcome == .passed {
                result.outcome = .unexpectedPass
                result.reasons.append("It is known to fail and passes; take known_failure out of the manifest.")
            }
        }
        result.compareMilliseconds = (ContinuousClock.now - began) / .milliseconds(1)
        return result
    }

    private func compare(_ result: inout CaseResult, _ actual: RasterImage) {
        let path = manifest.golden(result.item)
        guard let approval = approvals.latest(result.item.name) else {
            guard !FileManager.default.fileExists(atPath: path) else {
                result.outcome = .error
                result.reasons.append("The golden picture \(path) was never approved; remove it, or approve the case.")
                return
            }
            result.reasons.append(
                "There is no golden picture of it yet; look at this one, and approve it if it is right.")
            if result.outcome == .passed { result.outcome = .missing }
            return
        }
        result.approval = approval
        result.tier = approval.driverKey == driverKey ? 1 : 2
        let expected: RasterImage
        do throws(ImageFileError) { expected = try ImageFile.read(path) } catch {
            result.outcome = .error
            if case .unreadable = error { result.isInputOutput = true }
            result.reasons.append("The golden picture cannot be used: \(error)")
            return
        }
        result.expected = expected
        guard expected.hash == approval.newHash else {
            result.outcome = .error
            result.reasons.append("The golden picture \(path) is not the one that was approved; restore or approve it.")
            return
        }
        if let (width, height) = result.item.pixels, (expected.width, expected.height) != (width, height) {
            result.outcome = .error
            result.reasons.append(
                "The manifest says \(width)x\(height) and the golden picture has \(expected.width)x\(expected.height) "
                    + "pixels; put the size right, or approve a picture of the new one.")
            return
        }
        Self.compare(&result, expected, actual)
    }

    /// Judges a picture of a running server.
    /// - Parameters:
    ///   - expected: The same drawn here; nil where nothing can be drawn here.
    ///   - tier: 1 where the same driver drew both, else 2.
    public static func judge(
        live item: GoldenCase, _ actual: RasterImage, _ findings: Findings, expected: RasterImage?, tier: Int
    ) -> CaseResult {
        var result = CaseResult(item, .passed, tolerance: .standard)
        result.actual = actual
        result.actualHash = actual.hash
        result.measurements = findings.measurements
        result.reasons = findings.faults + findings.measurements.filter { !$0.passed }.map(\.complaint)
        result.faults = result.reasons
        if !result.reasons.isEmpty { result.outcome = .failed }
        if let expected {
            result.expected = expected
            result.tier = tier
            compare(&result, expected, actual)
        }
        return result
    }

    private static func compare(_ result: inout CaseResult, _ expected: RasterImage, _ actual: RasterImage) {
        guard expected != actual else { return }
        guard let comparison = Comparison(expected: expected, actual: actual) else {
            result.outcome = .failed
            result.reasons.append(
                "It has \(actual.width)x\(actual.height) pixels and should have \(expected.width)x\(expected.height); "
                    + "approve a new picture if the size is right.")
            return
        }
        result.comparison = comparison
        guard let tolerance = result.tolerance else {
            result.outcome = .error
            result.reasons.append("The tolerance '\(result.item.tolerance)' is not defined in the manifest.")
            return
        }
        let excesses = excesses(comparison, tolerance, tier: result.tier)
        if !excesses.isEmpty {
            result.outcome = .failed
            result.reasons += excesses
        }
    }

    /// What goes beyond a tolerance: sentences.
    public static func excesses(_ comparison: Comparison, _ tolerance: GoldenTolerance, tier: Int) -> [String] {
        func over(_ what: String, _ value: Double, _ limit: Double, scale: Double = 1, unit: String = "") -> String? {
            guard value > limit else { return nil }
            func text(_ value: Double) -> String { String(format: "%.4g", value * scale) + unit }
            return "\(what) \(text(value)), more than the \(text(limit)) allowed."
        }
        if tier == 2 {
            return [
                over("The FLIP mean is", comparison.flip.mean, tolerance.otherDriver.flipMean),
                over(
                    "The FLIP value that 99 % of the pixels stay under is", comparison.flip.p99,
                    tolerance.otherDriver.flipP99),
            ].compactMap { $0 }
        }
        // Rounding that differs here and there up as often as down is nothing that anybody could see or would want to know.
        guard !comparison.isRoundingNoise else { return [] }
        return [
            over(
                "The share of pixels that differ by more than \(tolerance.maxDifference) levels is",
                comparison.outliers(beyond: tolerance.maxDifference), tolerance.outliers, scale: 100, unit: " %"),
            over("The FLIP mean is", comparison.flip.mean, tolerance.flipMean),
        ].compactMap { $0 }
    }
}
