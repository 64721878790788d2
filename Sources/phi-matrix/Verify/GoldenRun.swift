import Dispatch
import Foundation
import ImageVerify
import PhiModel
import PhiRenderer
import Synchronization
import VulkanKit

/// Draws and judges the cases of a manifest, several at a time.
struct GoldenRun: Sendable {
    let manifest: GoldenManifest
    let approvals: Approvals
    let presets: PresetFiles
    let cacheDirectory: String
    /// The device, by its number or a part of its name; nil for the best.
    let device: String?
    /// The driver that has to draw: see `DriverKey`; nil for any.
    let driverKey: String?
    /// Overrides the seeds of the cases.
    let seed: UInt64?
    let isValidated: Bool
    /// The command that approves a case, up to its `--case`.
    let approveCommand: String
    /// How many cases are drawn at the same time.
    let jobs: Int

    /// Everything that workers leave.
    private struct Harvest {
        var results: [Int: CaseResult] = [:]
        var complaints: [String] = []
        var failure: (any Error)?
    }

    /// Draws and judges `cases`.
    /// - Parameter shuffle: Puts the cases into another order, which comes from the number, before they are drawn.
    /// - Throws: What keeps any case from being drawn, such as a missing driver.
    func run(_ cases: [GoldenCase], shuffle: UInt64? = nil) throws -> VerificationRun {
        let began = ContinuousClock.now
        // Tells at once whether there is a device, and which.
        let physical = try renderer().device.physical
        let key = DriverKey.make(device: physical.name, driver: physical.driver)
        if let driverKey, driverKey != key {
            throw CommandError(
                .unavailable,
                "The driver here is '\(key)', not '\(driverKey)'; install that one, or leave out --driver-key.")
        }
        let judge = Judge(manifest, approvals, driverKey: key)
        var order = Array(cases.indices)
        if let shuffle {
            var generator = ShuffleGenerator(state: shuffle)
            order.shuffle(using: &generator)
        }
        var sizes: [String] = []
        for index in order where !sizes.contains(cases[index].size) { sizes.append(cases[index].size) }
        let queue = CaseQueue(sizes.map { size in order.filter { cases[$0].size == size } })
        let harvest = Mutex(Harvest())
        DispatchQueue.concurrentPerform(iterations: max(min(jobs, cases.count), 1)) { _ in
            var log: ValidationLog?
            do {
                var renderer: CaseRenderer?
                var group: Int?
                while let next = queue.next(after: group) {
                    group = next.group
                    let worker = try renderer ?? self.renderer()
                    renderer = worker
                    log = worker.validationLog
                    let result = judged(cases[next.index], worker, judge)
                    harvest.withLock { $0.results[next.index] = result }
                }
            } catch {
                harvest.withLock { $0.failure = $0.failure ?? error }
            }
            // Renderer, device and instance are gone by now: what the layer says of their end counts as well.
            let complaints = log?.take() ?? []
            harvest.withLock { $0.complaints += complaints }
        }
        let (results, complaints, failure) = harvest.withLock { ($0.results, $0.complaints, $0.failure) }
        if let failure { throw failure }
        return VerificationRun(
            context: VerificationRun.Context(
                version: ProductVersion.number, commit: BuildStamp.commit, device: physical.name,
                driver: physical.driver, driverKey: key, isValidated: isValidated,
                approveCommand: approveCommand),
            seconds: (ContinuousClock.now - began) / .seconds(1),
            results: cases.indices.compactMap { results[$0] }, complaints: complaints)
    }

    private func renderer() throws -> CaseRenderer {
        try CaseRenderer(device: device, isValidated: isValidated) { width, height in
            RendererOptions(width: width, height: height, cacheDirectory: cacheDirectory)
        }
    }

    private func judged(_ item: GoldenCase, _ renderer: CaseRenderer, _ judge: Judge) -> CaseResult {
        do {
            let subject = try CaseSubject(item, manifest: manifest, presets: presets, seed: seed)
            let (width, height) = item.pixels ?? (0, 0)
            let drawn = try renderer.draw(subject, width: width, height: height)
            var result = judge.judge(item, drawn.image, drawn.findings)
            result.renderMilliseconds = drawn.milliseconds
            return result
        } catch {
            return CaseResult(
                item, error: Failure(error).message ?? "\(error)", isInputOutput: Failure(error).status == .inputOutput)
        }
    }
}

/// The same order for the same number (SplitMix64).
private struct ShuffleGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
