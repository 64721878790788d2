import ArgumentParser
import Foundation
import PhiEngine
import PhiModel
import PhiRenderer
import VulkanKit

/// The options that serve, snapshot and bench share: what is drawn, and on what.
struct PictureOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A preset's name, or the file of one.", valueName: "name|file"))
    var preset: String?

    @Option(help: "What is drawn: \(SceneCatalog.entries.map(\.name).joined(separator: ", ")).")
    var scene: String?

    @Option(help: "The size of the picture, WIDTHxHEIGHT in pixels.")
    var size = PictureSize(width: 1280, height: 720)

    @Option(help: "Frames a second, 1 to 240.")
    var fps = 60

    @Option(
        help: ArgumentHelp(
            "How much is drawn, 0 (minimal) to 5 (everything); auto, for serve alone, is as much as the frame rate allows.",
            valueName: "0…5|auto"))
    var quality = QualityMode.fixed(.full)

    @Option(help: ArgumentHelp("The Vulkan device, by its number or a part of its name.", valueName: "index|name"))
    var device: String?

    @Option(help: "What chance is drawn from: the same seed gives the same picture.")
    var seed: UInt64 = 1

    @Option(
        help:
            "Where state comes from: synthetic, audio:FILE, session:FOLDER, or, with serve, mic, push or soundlab:ws://HOST:PORT."
    )
    var engine = "synthetic"

    func validate() throws {
        try size.validate()
        guard (1...240).contains(fps) else {
            throw ValidationError("\(fps) frames a second cannot be drawn; give --fps from 1 to 240")
        }
    }

    /// The preset that was asked for, if one was.
    func loadPreset(dataDirectory: DataDirectory) throws -> Preset? {
        try preset.map { try PresetFiles(dataDirectory: dataDirectory).load($0) }
    }

    /// What the preset that was asked for is kept under; nil where it was given as a file.
    var presetID: String? { preset.flatMap { PresetFiles.isPath($0) ? nil : $0 } }

    /// The index of the scene: the one asked for, else the preset's, else the first.
    func sceneIndex(_ preset: Preset?) throws -> Int {
        try SceneCatalog.index(of: scene ?? preset?.scene ?? SceneCatalog.entries[0].name)
    }

    /// How pictures are dressed: as the preset says, else as usual.
    func look(_ preset: Preset?) -> Look { preset?.resolvedLook ?? Look() }

    /// The source of state, ready to run.
    /// - Parameter inbox: Where states are pushed to; nil where no server runs.
    func makeSource(
        _ preset: Preset?, dataDirectory: DataDirectory, inbox: StateInbox? = nil
    ) throws -> sending any StateSource {
        try EngineSpecification(parsing: engine).makeSource(
            seed: seed, settings: settings(preset), sessions: dataDirectory.sessions.path, inbox: inbox,
            microphone: inbox == nil ? nil : { try MicrophoneInput($0) })
    }

    /// What the preset says of the engine, else the defaults.
    func settings(_ preset: Preset?) -> EngineSettings { preset.map(EngineSettings.init) ?? EngineSettings() }

    /// The device that was asked for, else the best.
    /// - Parameters:
    ///   - surface: A window that the device has to be able to show pictures in.
    ///   - extensions: Of the device, for that window.
    func makeDevice(instance: Instance, surface: Surface? = nil, extensions: [String] = []) throws -> Device {
        try Device(
            instance: instance, physical: try instance.choosePhysicalDevice(device, for: surface),
            extensions: extensions)
    }

    /// The quality that was asked for, which has to be a level: what is drawn must not depend on how fast the machine is.
    /// - Parameter subject: What is drawn, with a capital.
    func fixedQuality(for subject: String) throws -> QualityLevel {
        guard case .fixed(let level) = quality else {
            throw ValidationError("\(subject) is drawn at one level of quality; give --quality from 0 to 5")
        }
        return level
    }

    func rendererOptions(dataDirectory: DataDirectory, framesInFlight: Int? = nil) -> RendererOptions {
        RendererOptions(
            width: size.width, height: size.height, framesInFlight: framesInFlight,
            cacheDirectory: dataDirectory.cache.path)
    }
}
