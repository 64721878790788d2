import Foundation
import ProgramHarness

/// A PulseAudio server with a place of its own, whose only output goes nowhere.
struct SoundServer {
    /// The microphone that hears what is played.
    static let monitor = "Monitor of Null Output"
    static let output = "Null Output"

    let environment: [String: String]
    private let process: ChildProcess

    init(_ program: PhiMatrixProgram) async throws {
        let folder = program.path("pulse")
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let address = folder + "/socket"
        environment = [
            "XDG_RUNTIME_DIR": folder, "PULSE_RUNTIME_PATH": folder, "PULSE_SERVER": "unix:" + address,
            "SDL_AUDIODRIVER": "pulseaudio", "HOME": folder,
        ]
        let script = folder + "/default.pa"
        try """
        load-module module-native-protocol-unix socket=\(address) auth-anonymous=1
        load-module module-null-sink sink_name=music rate=48000

        """.write(toFile: script, atomically: true, encoding: .utf8)
        let program = try Programs.find(
            ["pulseaudio"], advice: "pulseaudio is missing: install it with “apt-get install pulseaudio”.")
        // PulseAudio closes every descriptor that it inherits, by one of which Foundation sees that a process has ended: it
        // would wait for this one, and see the end of no other. The shell between the two keeps it.
        process = try ChildProcess(
            URL(filePath: "/bin/sh"),
            [
                "-c", "trap 'kill $server' TERM; \"$0\" \"$@\" & server=$!; wait $server; wait $server", program.path,
                "-n", "-F", script, "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
            ], environment: environment)
        let isThere = try await poll(within: .seconds(10)) { [environment] in
            try await Self.control(["info"], environment).status == 0 ? true : nil
        }
        guard isThere == true else { throw Trouble("PulseAudio has not started.") }
    }

    /// Makes sure that the output is there.
    func plug() async throws {
        guard !(try await Self.control(["list", "short", "sinks"], environment).text.contains("music")) else { return }
        _ = try await Self.control(["load-module", "module-null-sink", "sink_name=music", "rate=48000"], environment)
    }

    func unplug() async throws { _ = try await Self.control(["unload-module", "module-null-sink"], environment) }

    func play(_ file: String) throws -> ChildProcess {
        try ChildProcess(
            try Programs.find(
                ["paplay"], advice: "paplay is missing: install it with “apt-get install pulseaudio-utils”."),
            [file], environment: environment)
    }

    func stop() async { await process.stop() }

    private static func control(
        _ arguments: [String], _ environment: [String: String]
    ) async throws -> ChildProcess.Outcome {
        try await ChildProcess(
            try Programs.find(
                ["pactl"], advice: "pactl is missing: install it with “apt-get install pulseaudio-utils”."),
            arguments, environment: environment
        ).finished(within: .seconds(10))
    }
}
