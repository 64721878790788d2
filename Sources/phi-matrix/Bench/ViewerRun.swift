import Foundation
import Handoff
import ViewerLoad

/// Measures a server alone, with one viewer, and with all.
struct ViewerRun {
    let plan: LoadPlan
    let figures: ServerFiguresReader
    /// How long is measured.
    let seconds: Double

    /// How long the viewers have to get in, s, and one more for every hundred of them.
    private static let patience = 20.0
    /// What a server may take to settle, s.
    private static let settling = 3.0

    func run() async throws -> ViewerReport {
        let alone = try await measure()
        let swarm = ViewerSwarm(plan)
        return try await withThrowingTaskGroup(of: ViewerReport?.self) { group in
            group.addTask {
                try await DedicatedThread.run(name: "viewers", stop: { swarm.stop() }) { try swarm.run() }
                return nil
            }
            group.addTask {
                defer { swarm.stop() }
                return try await watch(swarm, alone: alone)
            }
            var report: ViewerReport?
            do {
                while let result = try await group.next() { report = result ?? report }
            } catch let error as LoadError {
                throw CommandError(.unavailable, "\(error)")
            }
            guard let report else {
                throw CommandError(.unavailable, "The viewers ended before anything was measured.")
            }
            return report
        }
    }

    private func watch(
        _ swarm: ViewerSwarm, alone: (from: ServerFigures, to: ServerFigures)
    ) async throws -> ViewerReport {
        try await settle(swarm, count: 1)
        let one = try await figures.read()
        try await settle(swarm, count: plan.viewers)
        _ = await swarm.collect()
        let all = try await measure()
        let progress = await swarm.collect()
        return report(progress, one: one, alone: alone, all: all)
    }

    private func measure() async throws -> (from: ServerFigures, to: ServerFigures) {
        let from = try await figures.read()
        try await Task.sleep(for: .seconds(seconds))
        return (from, try await figures.read())
    }

    /// Waits until so many viewers watch, or cannot.
    private func settle(_ swarm: ViewerSwarm, count: Int) async throws {
        swarm.grow(to: count)
        let deadline = ContinuousClock.now + .seconds(Self.patience + Double(count) / 100)
        while true {
            try await Task.sleep(for: .milliseconds(200))
            let progress = await swarm.collect()
            if progress.watching + progress.ended.values.reduce(0, +) >= count { break }
            guard ContinuousClock.now < deadline else { break }
        }
        try await Task.sleep(for: .seconds(Self.settling))
    }

    private func report(
        _ progress: ViewerSwarm.Progress, one: ServerFigures, alone: (from: ServerFigures, to: ServerFigures),
        all: (from: ServerFigures, to: ServerFigures)
    ) -> ViewerReport {
        let took = Double(all.to.at - all.from.at) * 1e-6
        let perViewer = progress.tally.framesPerViewer.map { Double($0) / took }
        let fpsAlone = alone.to.framesPerSecond(since: alone.from), fps = all.to.framesPerSecond(since: all.from)
        let most = progress.configs.max { $0.value < $1.value }?.key
        return ViewerReport(
            viewers: plan.viewers, served: perViewer.count { $0 >= 1 }, lost: progress.ended,
            stream: most.map(Self.describe) ?? "nothing", seconds: took, renderFpsAlone: fpsAlone, renderFps: fps,
            renderRatio: fps / max(fpsAlone, 1e-9),
            viewerFps: perViewer.reduce(0, +) / Double(max(perViewer.count, 1)),
            slowestViewerFps: perViewer.min() ?? 0, megabitsPerSecond: Double(progress.tally.bytes) * 8e-6 / took,
            stillsShare: Double(progress.tally.stills) / Double(max(progress.tally.frames, 1)),
            deliveryMs: .init(progress.tally.delivery), ageMs: .init(progress.tally.age),
            kilobytesPerViewer: (all.to.memoryBytes - one.memoryBytes) / 1_000 / Double(max(plan.viewers - 1, 1)),
            serverCores: all.to.cores)
    }

    /// The stream of a `config` message in words.
    private static func describe(_ config: String) -> String {
        struct Config: Decodable {
            let codec: String
            let encoder: String
            let width: Int
            let height: Int
            let fps: Double
        }
        guard let config = try? JSONDecoder().decode(Config.self, from: Data(config.utf8)) else { return config }
        return
            "\(config.codec) by \(config.encoder), \(config.width)x\(config.height) at \(Int(config.fps.rounded())) fps"
    }
}
