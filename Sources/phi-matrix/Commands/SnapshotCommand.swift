import ArgumentParser
import Foundation
import Handoff
import PNGCodec
import PhiEngine
import PhiModel
import PhiRenderer
import VulkanKit

/// One picture at a given time, the same on every run.
struct SnapshotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot", abstract: "Writes one PNG at a given time.")

    @OptionGroup var picture: PictureOptions

    @Option(help: ArgumentHelp("The moment, seconds since the engine began, 0 to 86400.", valueName: "seconds"))
    var time = 0.0

    @Option(
        name: [.long, .customShort("o")],
        help: ArgumentHelp("Where to write; - for standard output.", valueName: "file"))
    var output: String

    @Flag(help: "Draws the figures over the picture; those of speed are left empty.")
    var hud = false

    @Flag(help: "Draws the picture's number and time into a corner, for machines that read it.")
    var latencyMark = false

    @Option(help: ArgumentHelp("Where caches and presets are.", valueName: "dir"))
    var dataDir: String?

    func validate() throws {
        _ = try picture.fixedQuality(for: "A still picture")
        guard time.isFinite, (0...86_400).contains(time) else {
            throw ValidationError("A snapshot cannot be taken at \(time) s; give --time from 0 to 86400")
        }
    }

    func run() async throws {
        let data = DataDirectory(dataDir)
        data.useForShaderCache()
        let preset = try picture.loadPreset(dataDirectory: data)
        let scene = try picture.sceneIndex(preset)
        let source = try picture.makeSource(preset, dataDirectory: data)
        let device = try picture.makeDevice(instance: try Instance())
        let renderer = try FrameRenderer(device: device, options: picture.rendererOptions(dataDirectory: data))
        let state = try StateAtTime.state(of: source, at: time)
        let quality = try picture.fixedQuality(for: "A still picture")
        var content = FrameContent(
            scene: scene, look: picture.look(preset), quality: quality,
            hud: hud
                ? HUDFigures(engine: source.name, budget: 1_000 / Double(picture.fps), quality: quality.level) : nil)
        if latencyMark {
            // There is no clock here but the engine's.
            content.latencyMark = LatencyMark(
                frame: UInt32((time * Double(picture.fps)).rounded()), stateTime: UInt64((time * 1e6).rounded()))
        }
        let png = try renderer.renderStill(state, content) { frame in
            try PNGEncoder.encode(frame.pixels, width: picture.size.width, height: picture.size.height)
        }
        try write(png)
    }

    private func write(_ bytes: [UInt8]) throws {
        do {
            if output == "-" {
                try FileHandle.standardOutput.write(contentsOf: bytes)
            } else {
                try Data(bytes).write(to: URL(filePath: output), options: .atomic)
            }
        } catch {
            throw CommandError(
                .inputOutput,
                "The picture cannot be written to \(output); check that the folder exists and is writable.")
        }
    }
}
