import Foundation
import ProgramHarness
import Testing

/// `--engine mic` on a PulseAudio server of its own, whose only output goes nowhere; its monitor is the microphone.
@Suite(.serialized) struct MicrophoneTests {
    private static let device = SoundServer.monitor

    @Test(.timeLimit(.minutes(2))) func followsWhatIsPlayedAndSurvivesUnplugging() async throws {
        try await withProgram { program in
            let sound = try await SoundServer(program)
            let (server, url) = try await program.serve(
                ["--size", "320x180", "--engine", "mic:\(Self.device)"], environment: sound.environment)
            let wave = program.path("tone.wav")
            try await FFmpeg.run(["-f", "lavfi", "-i", "sine=frequency=330:duration=40", "-af", "volume=12dB", wave])
            try await sound.plug()
            let player = try sound.play(wave)
            // A tone of 330 Hz is channel 2 or 3, and as loud as this Φ is deep; so may be what breathes while the device opens.
            let follows = try await poll(within: .seconds(20)) {
                let state = try await Self.json(url, "api/dashboard/state")
                let condition = try await Self.json(url, "api/engine")["condition"] as? String
                return condition == "running" && (state["phi_depth"] as? Double ?? 0) > 0.8 ? true : nil
            }
            #expect(follows == true)
            let engine = try await Self.json(url, "api/engine")
            #expect(engine["engine"] as? String == "mic:\(Self.device)")
            #expect(engine["audio_running"] as? Bool == true)

            try await sound.unplug()
            await player.stop()
            let away = try await poll(within: .seconds(10)) {
                let answer = try await LoopbackHTTP.request("GET", url.appending(path: "readyz"))
                return answer.status == 503 ? String(decoding: answer.body, as: UTF8.self) : nil
            }
            #expect(away?.contains("sound device 'Monitor of Null Output'") == true, "\(away ?? "ready")")
            // The picture goes on meanwhile.
            let frames = try await Self.json(url, "api/status")["total_frames"] as? Int ?? 0
            try await Task.sleep(for: .seconds(1))
            #expect((try await Self.json(url, "api/status")["total_frames"] as? Int ?? 0) > frames + 10)

            try await sound.plug()
            let again = try sound.play(wave)
            let isBack = try await poll(within: .seconds(20)) {
                let state = try await Self.json(url, "api/dashboard/state")
                let ready = try await LoopbackHTTP.request("GET", url.appending(path: "readyz"))
                return ready.status == 200 && (state["phi_depth"] as? Double ?? 0) > 0.8 ? true : nil
            }
            #expect(isBack == true)
            await again.stop()
            let end = await server.stop()
            #expect(end?.status == 0)
            await sound.stop()
        }
    }

    @Test func unknownDevicesAreNamedWithThoseThereAre() async throws {
        try await withProgram { program in
            let sound = try await SoundServer(program)
            try await sound.plug()
            let outcome = try await program.run(
                ["serve", "--port", "0", "--engine", "mic:Theremin"], environment: sound.environment)
            #expect(outcome.status == 64)
            #expect(
                outcome.errors
                    == "phi-matrix: There is no sound device 'Theremin'; there are 'Monitor of Null Output'.\n")
            let doctor = try await program.run(["doctor"], environment: sound.environment)
            #expect(doctor.text.contains("--engine 'mic:Monitor of Null Output'"), "\(doctor.text)")
            await sound.stop()
        }
    }

    @Test func nothingIsHeardOffline() async throws {
        try await withProgram { program in
            for arguments in [
                ["snapshot", "--output", program.path("a.png")], ["render", "--output", program.path("a.mp4")],
            ] {
                let outcome = try await program.run(arguments + ["--engine", "mic"])
                #expect(outcome.status == 64)
                #expect(outcome.errors.contains("use --engine mic with serve"), "\(outcome.errors)")
            }
        }
    }

    private static func json(_ url: URL, _ path: String) async throws -> [String: Any] {
        let answer = try await LoopbackHTTP.request("GET", url.appending(path: path))
        return try JSONSerialization.jsonObject(with: answer.body) as? [String: Any] ?? [:]
    }
}
