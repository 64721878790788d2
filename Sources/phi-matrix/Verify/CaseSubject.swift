import Foundation
import ImageVerify
import PhiEngine
import PhiModel
import PhiRenderer

/// What a golden case draws.
struct CaseSubject {
    var state: EngineState
    var content: FrameContent

    init(_ state: EngineState, _ content: FrameContent) {
        self.state = state
        self.content = content
    }

    /// - Parameters:
    ///   - seed: Overrides that of the case.
    /// - Throws: An error that can be told in a sentence, for an input that is missing or wrong.
    init(_ item: GoldenCase, manifest: GoldenManifest, presets: PresetFiles, seed: UInt64?) throws {
        let preset = try item.preset.map { try presets.load($0) }
        state = try Self.state(item, preset, manifest: manifest, seed: seed)
        let quality = QualityLevel(item.quality ?? 5) ?? .full
        content = FrameContent(
            scene: try SceneCatalog.index(of: item.scene), look: preset?.resolvedLook ?? Look(), quality: quality)
        if let outgoing = item.outgoing {
            guard let style = Transition.Style(name: outgoing.style) else {
                let names = Transition.Style.allCases.map(\.name).joined(separator: ", ")
                throw CommandError(
                    .badInput, "The case \(item.name) has the transition '\(outgoing.style)'; choose one of: \(names).")
            }
            content.outgoing = FrameContent.Outgoing(
                scene: try SceneCatalog.index(of: outgoing.scene),
                look: try outgoing.preset.map { try presets.load($0).resolvedLook } ?? Look(), style: style,
                progress: outgoing.progress)
        }
        if item.hud == true { content.hud = HUDFigures(engine: item.engine, quality: quality.level) }
    }

    private static func state(
        _ item: GoldenCase, _ preset: Preset?, manifest: GoldenManifest, seed: UInt64?
    ) throws -> EngineState {
        let parts = item.engine.split(separator: ":", maxSplits: 1).map(String.init)
        let settings = preset.map { EngineSettings($0) } ?? EngineSettings()
        switch (parts.first, parts.count) {
        case ("synthetic", 1):
            return try StateAtTime.state(
                of: SyntheticSource(seed: seed ?? item.seed ?? 1, settings: settings), at: item.time)
        case ("audio", 2):
            return try StateAtTime.state(
                of: try AudioSource(path: try manifest.input(parts[1]), settings: settings), at: item.time)
        case ("fixture", 2):
            return try fixture(try manifest.input(parts[1]), at: item.time)
        default:
            throw CommandError(
                .badInput,
                "The case \(item.name) has the engine '\(item.engine)'; give 'synthetic', 'fixture:FILE' or 'audio:FILE'."
            )
        }
    }

    private static func fixture(_ path: String, at time: Double) throws -> EngineState {
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: path)) } catch {
            throw CommandError(.inputOutput, "The state \(path) cannot be read; check the manifest that names it.")
        }
        do {
            var state = try StateDocument(json: data).makeState()
            state.time = time
            var sanitizer = StateSanitizer()
            sanitizer.sanitize(&state)
            return state
        } catch {
            throw CommandError(.badInput, "The state \(path) cannot be used: \(error).")
        }
    }

    /// Whether the picture shows the scene alone, so that it can be measured.
    var isPlain: Bool { content.outgoing == nil && content.hud == nil }
}
