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

    @Option(help: "How much is drawn, 0 (minimal) to 5 (everything).")
    var quality = QualityLevel.full

    @Option(help: ArgumentHelp("The Vulkan device, by its number or a part of its name.", valueName: "index|name"))
    var device: String?

    @Option(help: "What chance is drawn from: the same seed gives the same picture.")
    var seed: UInt64 = 1

    @Option(help: "Where state comes from: synthetic or audio:FILE.")
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

    /// The index of the scene: the one asked for, else the preset's, else the first.
    func sceneIndex(_ preset: Preset?) throws -> Int {
        try SceneCatalog.index(of: scene ?? preset?.scene ?? SceneCatalog.entries[0].name)
    }

    /// The source of state, ready to run.
    func makeSource(_ preset: Preset?) throws -> sending any StateSource {
        var settings = EngineSettings()
        if let preset { settings = EngineSettings(preset) }
        return try EngineSpecification(parsing: engine).makeSource(seed: seed, settings: settings)
    }

    /// The device that was asked for, else the best.
    /// - Parameters:
    ///   - surface: A window that the device has to be able to show pictures in.
    ///   - extensions: Of the device, for that window.
    func makeDevice(instance: Instance, surface: Surface? = nil, extensions: [String] = []) throws -> Device {
        try Device(
            instance: instance, physical: try instance.choosePhysicalDevice(device, for: surface),
            extensions: extensions)
    }

    func rendererOptions(dataDirectory: DataDirectory, framesInFlight: Int? = nil) -> RendererOptions {
        RendererOptions(
            width: size.width, height: size.height, framesInFlight: framesInFlight,
            cacheDirectory: dataDirectory.cache.path)
    }
}
