import Foundation
import ImageVerify

/// Writes golden pictures, each with its approval.
struct GoldenKeeper {
    private let manifest: GoldenManifest
    private var approvals: Approvals
    private let context: VerificationRun.Context

    init(_ manifest: GoldenManifest, _ approvals: Approvals, _ context: VerificationRun.Context) {
        self.manifest = manifest
        self.approvals = approvals
        self.context = context
    }

    /// Makes the picture of a result golden, and says what was done. A picture that breaks the domain's rules is refused: a
    /// golden picture could not make it right.
    @discardableResult
    mutating func keep(_ result: CaseResult, reason: String) throws -> String {
        let name = result.item.name
        guard let image = result.actual, let hash = result.actualHash else {
            throw CommandError(.badInput, "\(name) cannot be drawn: \(result.reasons.first ?? "no reason is known.")")
        }
        guard result.faults.isEmpty else {
            throw CommandError(
                .checkFailed, "\(name) cannot be approved, because it is wrong by itself: \(result.faults[0])")
        }
        let old = approvals.latest(name)
        if old?.newHash == hash, result.outcome != .error { return "\(name) is golden already." }
        try ImageFile.write(image, to: manifest.golden(result.item))
        try approvals.add(
            Approval(
                name: name, newHash: hash, oldHash: old?.newHash,
                figures: result.comparison.map { Approval.Figures($0, levels: result.tolerance?.maxDifference ?? 0) },
                driverKey: context.driverKey, driver: context.driver, commit: context.commit, version: context.version,
                date: .now, reason: reason))
        return old == nil ? "\(name) has a golden picture now." : "\(name) has a new golden picture."
    }
}
