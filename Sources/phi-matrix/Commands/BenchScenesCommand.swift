import ArgumentParser
import Foundation
import FrameCodec
import PhiEngine
import PhiModel
import PhiRenderer
import VulkanKit

/// How fast scenes are drawn here, relative to a flat fill of the same size.
struct BenchScenesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenes", abstract: "Measures frames a second and the times of the stages. This is the default.",
        discussion:
            "Every scene, or the one of --scene, and a flat fill of the same size take turns, so that all see the "
            + "same machine. Frames are read back as for viewers.")

    /// How often the scenes take turns.
    private static let rounds = 9

    @OptionGroup var picture: PictureOptions

    @Option(help: ArgumentHelp("How long each scene is drawn, 0.1 to 600.", valueName: "seconds"))
    var seconds = 3.0

    @Option(help: "Frames that the device works on at the same time, 1 to 3; by default what suits the device.")
    var framesInFlight: Int?

    @Option(help: ArgumentHelp("Writes the results as JSON; - for standard output.", valueName: "file"))
    var json: String?

    @Option(
        help: ArgumentHelp(
            "Fails where a scene is slower, relative to flat fill, than in this earlier --json file.", valueName: "file"
        ))
    var baseline: String?

    @Option(help: "How much slower a scene may be than in the baseline, a share from 0 to 1.")
    var tolerance = 0.2

    @Option(help: ArgumentHelp("Where caches and presets are.", valueName: "dir"))
    var dataDir: String?

    func validate() throws {
        _ = try picture.fixedQuality(for: "What is measured")
        guard seconds.isFinite, (0.1...600).contains(seconds) else {
            throw ValidationError("A scene cannot be drawn for \(seconds) s; give --seconds from 0.1 to 600")
        }
        guard (0...1).contains(tolerance) else {
            throw ValidationError("A tolerance of \(tolerance) makes no sense; give --tolerance from 0 to 1")
        }
        if let framesInFlight, !(1...3).contains(framesInFlight) {
            throw ValidationError("\(framesInFlight) frames cannot be in flight; give --frames-in-flight from 1 to 3")
        }
    }

    func run() async throws {
        let data = DataDirectory(dataDir)
        data.useForShaderCache()
        let baseline = try baseline.map(Self.readBaseline)
        let preset = try picture.loadPreset(dataDirectory: data)
        let states = try makeStates(preset, data)
        let device = try picture.makeDevice(instance: try Instance())
        let renderer = try FrameRenderer(
            device: device, options: picture.rendererOptions(dataDirectory: data, framesInFlight: framesInFlight))
        let report = try measure(renderer, states, look: picture.look(preset))
        try publish(report)
        if let baseline { try compare(report, with: baseline) }
    }

    /// Two seconds of states, made before anything is timed.
    private func makeStates(_ preset: Preset?, _ data: DataDirectory) throws -> [EngineState] {
        let source = try picture.makeSource(preset, dataDirectory: data)
        var state = EngineState()
        return try (0..<120).map { n in
            try source.advance(to: 1 + Double(n) / 60, into: &state)
            return state
        }
    }

    private func measure(_ renderer: FrameRenderer, _ states: [EngineState], look: Look) throws -> BenchReport {
        let flat = SceneTimer(name: "flat fill", FrameContent(scene: SceneCatalog.flatFillIndex))
        let wanted = try picture.scene.map { try SceneCatalog.index(of: $0) }
        let quality = try picture.fixedQuality(for: "What is measured")
        let timers = SceneCatalog.entries.indices.filter { wanted == nil || $0 == wanted }.map {
            SceneTimer(
                name: SceneCatalog.entries[$0].name, FrameContent(scene: $0, look: look, quality: quality))
        }
        let encoder = try JPEGEncoder(width: picture.size.width, height: picture.size.height)
        // What the first frames have to fetch and to fault in belongs to no scene.
        try SceneTimer(name: "warm-up", FrameContent(scene: SceneCatalog.flatFillIndex)).run(
            renderer, states, encoder: encoder, seconds: 0.2)
        for _ in 0..<Self.rounds {
            for timer in [flat] + timers {
                try timer.run(renderer, states, encoder: encoder, seconds: seconds / Double(Self.rounds))
            }
        }
        let physical = renderer.device.physical
        return BenchReport(
            device: physical.name, driver: physical.driver, width: picture.size.width, height: picture.size.height,
            quality: quality.level, framesInFlight: renderer.framesInFlight, engine: picture.engine,
            secondsPerScene: seconds, flatFillFps: flat.fps,
            scenes: ([flat] + timers).map { $0.result(relativeTo: flat) })
    }

    private func publish(_ report: BenchReport) throws {
        guard let json else { return print(report.table) }
        let bytes = try report.json()
        if json == "-" { return print(String(decoding: bytes, as: UTF8.self)) }
        print(report.table)
        do { try bytes.write(to: URL(filePath: json), options: .atomic) } catch {
            throw CommandError(
                .inputOutput, "The results cannot be written to \(json); check that the folder exists and is writable.")
        }
    }

    private static func readBaseline(_ path: String) throws -> BenchReport {
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: path)) } catch {
            throw CommandError(.inputOutput, "The baseline \(path) cannot be read; check the path after --baseline.")
        }
        guard let report = try? BenchReport(json: data), report.schema == BenchReport.currentSchema else {
            throw CommandError(
                .badInput,
                "The baseline \(path) is no result of this benchmark; make one with 'phi-matrix bench --json \(path)'.")
        }
        return report
    }

    private func compare(_ report: BenchReport, with baseline: BenchReport) throws {
        guard (baseline.width, baseline.height, baseline.quality) == (report.width, report.height, report.quality)
        else {
            throw CommandError(
                .badInput,
                "The baseline is of \(baseline.width)x\(baseline.height) at quality \(baseline.quality); measure with the same --size and --quality."
            )
        }
        let regressions = report.regressions(against: baseline, tolerance: tolerance)
        guard regressions.isEmpty else {
            throw CommandError(.checkFailed, "Slower than the baseline: \(regressions.joined(separator: " "))")
        }
    }
}
