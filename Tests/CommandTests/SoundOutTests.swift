import Foundation
import ProgramHarness
import Testing

/// `--audio-out` on a sound server of its own.
@Suite("sound beside the picture", .serialized)
struct SoundOutTests {
    /// One server plays bursts, and another listens to what is heard: the two records tell how the sound lies to the picture.
    @Test("the sound is heard within 20 ms of its picture", .timeLimit(.minutes(2)))
    func isInTime() async throws {
        try await withProgram { program in
            let sound = try await SoundServer(program)
            let wave = program.path("bursts.wav")
            // A quarter of a second of noise in every one and a half, the first after one.
            try await FFmpeg.run([
                "-f", "lavfi", "-i", "anoisesrc=r=48000:a=0.8:d=9:seed=5", "-af",
                "volume='if(between(mod(t,1.5),1,1.25),1,0)':eval=frame", "-ac", "2", wave,
            ])
            func serve(_ engine: String, _ data: String, _ more: [String] = []) async throws -> ChildProcess {
                try await program.serve(
                    ["--size", "160x96", "--fps", "60", "--record", "--engine", engine] + more,
                    environment: sound.environment.merging(["SOUNDLAB_DATA_DIR": program.path(data)]) { $1 }
                ).server
            }
            let ear = try await serve("mic:\(SoundServer.monitor)", "ear")
            let stage = try await serve(
                "audio:\(wave)", "stage", ["--audio-out", "--audio-device", SoundServer.output])
            try await Task.sleep(for: .seconds(20))
            #expect((await stage.stop())?.status == 0)
            #expect((await ear.stop())?.status == 0)
            await sound.stop()

            let seen = try Self.bursts(program.path("stage")), heard = try Self.bursts(program.path("ear"))
            #expect(seen.count >= 8 && heard.count >= 8, "\(seen.count) and \(heard.count)")
            let lags = seen.dropFirst(2).compactMap { moment in
                heard.map { $0 - moment }.min { abs($0 - Self.expected) < abs($1 - Self.expected) }
            }.sorted()
            let lag = try #require(lags.isEmpty ? nil : lags[lags.count / 2])
            print("sound after its state by \(Int((lag * 1_000).rounded())) ms, \(lags.count) bursts")
            #expect(abs(lag - Self.expected) < 0.02, "\(lag) s")
        }
    }

    /// From a state to its picture at 60 frames a second: 1.25 samples and a frame, and the 30 ms that both analyses take,
    /// which the sound is held back by and the listener needs; and what listening through PulseAudio takes.
    private static let expected = 1.25 * 512 / 48_000 + 1.0 / 60 + 0.03 + 0.01

    /// When the amplitudes rose through half of their greatest, Unix seconds.
    private static func bursts(_ data: String) throws -> [Double] {
        let sessions = data + "/sessions"
        let id = try #require(try FileManager.default.contentsOfDirectory(atPath: sessions).first)
        let text = try String(contentsOfFile: "\(sessions)/\(id)/metrics.jsonl", encoding: .utf8)
        let samples = try text.split(separator: "\n").map { line in
            let state = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let channels = state["channel_metrics"] as? [[String: Any]] ?? []
            return (
                time: state["timestamp"] as? Double ?? 0,
                level: channels.reduce(0) { $0 + ($1["amplitude"] as? Double ?? 0) }
            )
        }
        let half = (samples.map(\.level).max() ?? 0) / 2
        return zip(samples, samples.dropFirst()).compactMap { before, after in
            guard before.level < half, after.level >= half else { return nil }
            let share = (half - before.level) / (after.level - before.level)
            return before.time + share * (after.time - before.time)
        }
    }

    @Test("an output that is not there is named with those that are; without the flag the others make no sense")
    func mistakes() async throws {
        try await withProgram { program in
            let sound = try await SoundServer(program)
            let unknown = try await program.run(
                ["serve", "--port", "0", "--audio-out", "--audio-device", "Gramophone"], environment: sound.environment)
            #expect(unknown.status == 64)
            #expect(
                unknown.errors == "phi-matrix: There is no sound device 'Gramophone'; there are 'Null Output'.\n")
            await sound.stop()
            for arguments in [["--audio-delay", "5"], ["--audio-out", "--audio-delay", "9000"]] {
                let outcome = try await program.run(["serve", "--port", "0"] + arguments)
                #expect(outcome.status == 64)
                #expect(outcome.errors.contains("--audio-out") || outcome.errors.contains("-500 to 2000"))
            }
        }
    }

    @Test("without a sound server the picture goes on, and the log says once what is missing")
    func noSound() async throws {
        try await withProgram { program in
            let wave = program.path("tone.wav")
            try await FFmpeg.run(["-f", "lavfi", "-i", "sine=frequency=330:duration=2", wave])
            let (server, url) = try await program.serve(
                ["--size", "160x96", "--engine", "audio:\(wave)", "--audio-out"],
                environment: ["SDL_AUDIODRIVER": "pulseaudio", "PULSE_SERVER": "unix:" + program.path("nobody")])
            try await Task.sleep(for: .seconds(3))
            #expect(try await LoopbackHTTP.request("GET", url.appending(path: "readyz")).status == 200)
            let end = await server.stop()
            #expect(end?.status == 0)
            #expect(end?.errors.components(separatedBy: "No sound can be had here").count == 2, "\(end?.errors ?? "")")
        }
    }

    @Test("the analysis of a minute stays within 3 % of a core and half a millisecond a block")
    func cost() async throws {
        try await withProgram { program in
            let outcome = try await program.run(
                ["bench", "sound", "--seconds", "30", "--limit-share", "0.03", "--limit-block", "0.5", "--json", "-"])
            #expect(outcome.status == 0, "\(outcome.errors)")
            let report = try #require(
                try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any])
            #expect(report["blocks"] as? Int == 2_812)
            let strict = try await program.run(["bench", "sound", "--seconds", "1", "--limit-block", "0.000001"])
            #expect(strict.status == 1 && strict.errors.contains("more than"))
        }
    }
}
