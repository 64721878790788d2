import ArgumentParser
import FrameCodec
import Foundation
import Handoff
import PhiEngine
import PhiModel
import PhiRenderer
import VulkanKit

/// A piece of video, the same on every run.
struct RenderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render", abstract: "Writes a video, an animation or numbered pictures, as fast as it can.",
        discussion:
            "The output's name decides: .mp4 is H.264, .webm is VP9, .apng and numbered .png files have every pixel as it was "
            + "drawn. Frame n shows the moment --start + n / --fps, and is the picture that snapshot gives for it. With --engine "
            + "audio:FILE a video has the sound as well. A video or an animation is there once it is whole, and not before."
    )

    @OptionGroup var picture: PictureOptions

    @Option(
        name: [.long, .customShort("o")],
        help: ArgumentHelp(
            "What to write: a name that ends in .mp4, .webm or .apng, or the pattern of numbered pictures, such as "
                + "frames/%05d.png.", valueName: "file"))
    var output: String

    @Option(help: ArgumentHelp("The first moment, seconds since the engine began, 0 to 86400.", valueName: "seconds"))
    var start = 0.0

    @Option(
        help: ArgumentHelp(
            "How much to render, up to 86400; by default 10, or a sound file or a session from --start to its end.",
            valueName: "seconds"))
    var duration: Double?

    @Flag(help: "Replaces what is there; of numbered pictures, all that follow one another.")
    var force = false

    @Flag(help: "Tells nothing of how far it is, and nothing at the end.")
    var quiet = false

    @Flag(help: "Draws the figures over the picture; those of speed are left empty.")
    var hud = false

    @Option(help: ArgumentHelp("Where caches and presets are.", valueName: "dir"))
    var dataDir: String?

    private static let longest = 86_400.0

    func validate() throws {
        _ = try picture.fixedQuality(for: "A video")
        guard start.isFinite, (0...Self.longest).contains(start) else {
            throw ValidationError("Nothing can be rendered from \(start) s; give --start from 0 to 86400")
        }
        if let duration {
            guard duration.isFinite, duration > 0, duration <= Self.longest else {
                throw ValidationError("\(duration) s cannot be rendered; give --duration above 0, up to 86400")
            }
        }
        let format = try RenderFormat(output: output)
        guard format.codecs.isEmpty || (picture.size.width % 2 == 0 && picture.size.height % 2 == 0) else {
            throw ValidationError(
                "A video of \(picture.size) cannot be encoded; give --size with even sides, or an output of PNG")
        }
    }

    func run() async throws {
        let data = DataDirectory(dataDir)
        data.useForShaderCache()
        let preset = try picture.loadPreset(dataDirectory: data)
        let scene = try picture.sceneIndex(preset)
        let quality = try picture.fixedQuality(for: "A video")
        let source = try picture.makeSource(preset, dataDirectory: data)
        let count = max(1, Int((try seconds(of: source) * Double(picture.fps)).rounded()))
        let content = FrameContent(
            scene: scene, look: picture.look(preset), quality: quality,
            hud: hud
                ? HUDFigures(engine: source.name, budget: 1_000 / Double(picture.fps), quality: quality.level) : nil)
        let sink = try makeSink(count: count)
        do {
            let device = try picture.makeDevice(instance: try Instance())
            let renderer = try FrameRenderer(device: device, options: picture.rendererOptions(dataDirectory: data))
            let pipeline = RenderPipeline(
                sink: sink, count: count, framesPerSecond: picture.fps, start: start,
                queue: FrameQueue(limit: renderer.pool.count - renderer.framesInFlight))
            let watch = InterruptWatch { [queue = pipeline.queue] in queue.stop() }
            let progress = RenderProgress(count: count, framesPerSecond: picture.fps, isQuiet: quiet)
            let following = Task { [queue = pipeline.queue] in await progress.follow { queue.writtenCount } }
            defer { following.cancel() }
            try await pipeline.run(renderer: renderer, source: source, content: content)
            following.cancel()
            await following.value
            if pipeline.queue.wasStopped {
                sink.discard()
                watch.endIfAsked("Rendering was cancelled after \(pipeline.queue.writtenCount) of \(count) frames.")
            }
            try sink.commit()
            if !quiet { print(progress.summary(output: output, what: sink.summary, bytes: sink.size)) }
        } catch {
            sink.discard()
            throw error
        }
    }

    /// How much is rendered.
    private func seconds(of source: borrowing any StateSource) throws -> Double {
        if let duration { return duration }
        if let length = source.duration {
            guard length > start else {
                throw CommandError(
                    .usage, "\(source.name) ends after \(length) s; give a --start before that, or a --duration.")
            }
            return min(length - start, Self.longest)
        }
        guard let sound = try soundFile else { return 10 }
        let path = sound.path, length = try SoundReader.seconds(sound)
        guard length > start else {
            throw CommandError(
                .usage, "\(path) ends after \(length) s; give a --start before that, or a --duration to hear it again.")
        }
        return min(length - start, Self.longest)
    }

    /// The file that the engine listens to; nil where it listens to none.
    private var soundFile: AudioOptions? {
        get throws {
            guard case .audio(let options) = try EngineSpecification(parsing: picture.engine) else { return nil }
            return options
        }
    }

    private func makeSink(count: Int) throws -> any RenderSink {
        let (width, height) = (picture.size.width, picture.size.height)
        let format = try RenderFormat(output: output)
        switch format {
        case .pictures(let pattern):
            return try PictureSink(pattern, count: count, width: width, height: height, isReplacing: force)
        case .animatedPNG:
            return try AnimationSink(
                try PendingFile(output, isReplacing: force), count: count, framesPerSecond: picture.fps, width: width,
                height: height)
        case .mp4, .webM:
            let sound = try soundFile.map {
                (file: $0, start: Int((start * Double(SoundReader.sampleRate)).rounded()))
            }
            return VideoSink(
                try PendingFile(output, isReplacing: force), format: format,
                settings: VideoSettings(
                    width: width, height: height, framesPerSecond: picture.fps, purpose: .file,
                    threads: ProcessInfo.processInfo.activeProcessorCount, usesGlobalHeader: true),
                sound: sound)
        }
    }
}
