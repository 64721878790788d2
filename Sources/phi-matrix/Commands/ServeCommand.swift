import ArgumentParser
import Configuration
import FrameCodec
import Foundation
import PhiDisplay
import PhiRenderer
import SessionStore
import VulkanKit

/// The main job: engine → render loop → HTTP and WebSocket on one port.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Draws in real time and serves frames over HTTP and WebSocket; prints one URL to open.",
        discussion:
            "Host, port and limits are also read from SOUNDLAB_HOST, SOUNDLAB_PORT, SOUNDLAB_MAX_CONNECTIONS and so "
            + "on, and from config/phi-matrix.yaml in the data directory; a flag wins over the environment, and that over "
            + "the file. SIGINT or SIGTERM end the server.")

    @OptionGroup var picture: PictureOptions

    @Option(help: "The address to listen on (default: 127.0.0.1).")
    var host: String?

    @Option(help: "The port to listen on; 0 takes any that is free (default: 8000).")
    var port: Int?

    @Option(help: ArgumentHelp("Where configuration, presets, sessions and caches are.", valueName: "dir"))
    var dataDir: String?

    @Flag(help: "Draws figures over the picture: frame rate, quality, metrics. The key h in the window switches them.")
    var hud = false

    @Flag(help: "Draws the frame's number and time into a corner, for machines that measure the way to a screen.")
    var latencyMark = false

    @Flag(help: "Shows the frames in a window as well.")
    var window = false

    @Flag(help: "Shows the window over the whole screen.")
    var fullscreen = false

    @Option(help: ArgumentHelp("The display for the window, from 0 on.", valueName: "n"))
    var display = 0

    @Flag(help: "Records a session from the start on: frames.mp4 and session.json in sessions/ of the data directory.")
    var record = false

    @Option(
        help: ArgumentHelp(
            "Mbit/s between which live video moves with what viewers take, 0.1 to 100.", valueName: "min-max"))
    var bitrate = BitrateRange(least: 0.5, most: 12)

    @Option(
        help: ArgumentHelp(
            "Where the picture goes as H.264 beside the viewers: rtsp://…, srt://…, rtmp://… or hls:FOLDER; repeatable.",
            valueName: "target"), transform: { try OutputTarget(parsing: $0) })
    var output: [OutputTarget] = []

    @Option(
        help: ArgumentHelp(
            "Takes Open Sound Control on this UDP port of this machine, or of an address: HOST:PORT; it knows no tokens. 0 takes any port that is free.",
            valueName: "endpoint"))
    var osc: UDPEndpoint?

    @Option(
        help: ArgumentHelp(
            "Takes MIDI by ALSA's sequencer, from the controller that aconnect -i names so; 'any' waits for a connection.",
            valueName: "controller"))
    var midi: String?

    @Flag(help: "Plays the sound of an audio file as well, in time with the picture.")
    var audioOut = false

    @Option(
        help: ArgumentHelp(
            "Plays it on this output, as 'phi-matrix doctor' lists it (default: the usual one).", valueName: "device"))
    var audioDevice: String?

    @Option(
        help: ArgumentHelp(
            "Plays it so much later, -500 to 2000, for a display that takes its time.", valueName: "ms"))
    var audioDelay: Double?

    @Option(
        help: ArgumentHelp(
            "Loses the Vulkan device once after so many seconds, 0 to 3600: a drill that shows how the service recovers.",
            valueName: "seconds"))
    var drillDeviceLoss: Double?

    func validate() throws {
        if let drillDeviceLoss, !(0...3_600).contains(drillDeviceLoss) {
            throw ValidationError(
                "\(drillDeviceLoss) s is no time for a drill; give --drill-device-loss from 0 to 3600")
        }
        guard audioOut || (audioDevice == nil && audioDelay == nil) else {
            throw ValidationError("--audio-device and --audio-delay say how sound is played; add --audio-out")
        }
        if let audioDelay, !AudioOut.delays.contains(audioDelay) {
            throw ValidationError("A sound cannot be \(audioDelay) ms later; give --audio-delay from -500 to 2000")
        }
        try osc?.validate()
        if let port, !(0...65_535).contains(port) {
            throw ValidationError("\(port) is no port; give --port from 0 to 65535")
        }
        guard display == 0 || window || fullscreen else {
            throw ValidationError("--display chooses where the window is; add --window or --fullscreen")
        }
        try bitrate.validate()
        guard display >= 0 else { throw ValidationError("\(display) is no display; give --display from 0 on") }
    }

    func run() async throws {
        HeapArenas.limit()
        OpenFileLimit.raise()
        let data = DataDirectory(dataDir)
        let settings = try await ServeSettings(flags: flags, dataDirectory: data)
        try data.create()
        guard let lock = DataDirectoryLock(shared: data.url.path) else {
            throw CommandError(
                .inputOutput, "A backup is being restored into \(data.url.path); start again when it is done.")
        }
        defer { lock.release() }
        data.useForShaderCache()
        let composition = ServeComposition(
            picture: picture, isHUDShown: hud, isLatencyMarked: latencyMark, settings: settings, flags: flags,
            data: data,
            windowOptions: window || fullscreen
                ? DisplayWindow.Options(
                    title: "Φ-Matrix", width: picture.size.width, height: picture.size.height,
                    isFullscreen: fullscreen, display: display) : nil,
            isRecording: record, outputs: output, bitrates: bitrate.bitsPerSecond,
            controllers: Controllers(osc: osc, midi: midi),
            audioOut: audioOut ? AudioOut(device: audioDevice, delay: (audioDelay ?? 0) / 1_000) : nil,
            lossAfter: drillDeviceLoss)
        try await composition.run()
    }

    private var flags: [AbsoluteConfigKey: ConfigValue] {
        var flags: [AbsoluteConfigKey: ConfigValue] = [:]
        if let host { flags["host"] = ConfigValue(.string(host), isSecret: false) }
        if let port { flags["port"] = ConfigValue(.string(String(port)), isSecret: false) }
        return flags
    }
}
