import Foundation
import ProgramHarness
import Testing

@Suite("render with sound", .serialized)
struct RenderSoundTests {
    /// A WAV file, mono, 16 bits: silence, with a click of 10 ms at some moments, seconds.
    private func clicks(_ program: PhiMatrixProgram, at moments: [Double], length: Double, rate: Int) throws -> String {
        var samples = [Int16](repeating: 0, count: Int(length * Double(rate)))
        for moment in moments {
            let first = Int(moment * Double(rate))
            for n in 0..<rate / 100 {
                samples[first + n] = Int16(28_000 * sin(2 * Double.pi * 1_000 * Double(n) / Double(rate)))
            }
        }
        func bytes<T: FixedWidthInteger>(_ value: T) -> Data { withUnsafeBytes(of: value.littleEndian) { Data($0) } }
        var file = Data("RIFF".utf8) + bytes(UInt32(36 + samples.count * 2)) + Data("WAVEfmt ".utf8)
        file += bytes(UInt32(16)) + bytes(UInt16(1)) + bytes(UInt16(1)) + bytes(UInt32(rate)) + bytes(UInt32(rate * 2))
        file += bytes(UInt16(2)) + bytes(UInt16(16)) + Data("data".utf8) + bytes(UInt32(samples.count * 2))
        for sample in samples { file += bytes(sample) }
        let path = program.path("clicks.wav")
        try file.write(to: URL(filePath: path))
        return path
    }

    /// When sound begins after silence, seconds.
    private func onsets(_ samples: [Float]) -> [Double] {
        var onsets: [Double] = []
        var last = -1.0
        for (n, sample) in samples.enumerated() where abs(sample) > 0.25 {
            let time = Double(n) / 48_000
            if time - last > 0.1 { onsets.append(time) }
            last = time
        }
        return onsets
    }

    private func expectClicks(_ path: String, at expected: [Double]) async throws {
        let heard = onsets(try await FFmpeg.sound(of: path))
        #expect(heard.count == expected.count, "\(heard) instead of \(expected)")
        // WebM counts in milliseconds.
        for (a, b) in zip(heard, expected) { #expect(abs(a - b) < 0.002, "\(heard) instead of \(expected)") }
    }

    @Test(
        "a video is as long as the sound, which is heard when it is due",
        arguments: [("mp4", 48_000), ("webm", 48_000), ("mp4", 44_100), ("webm", 22_050)])
    func sync(format: String, rate: Int) async throws {
        try await withProgram { program in
            let sound = try clicks(program, at: [0.5, 1.25], length: 1.75, rate: rate)
            let output = program.path("a.\(format)")
            let outcome = try await program.run([
                "render", "--engine", "audio:\(sound)", "--output", output, "--size", "160x90", "--fps", "60",
            ])
            #expect(outcome.status == 0, "\(outcome.errors)")
            let probe = try await MediaProbe(output)
            #expect(probe.sound?.codec == (format == "mp4" ? "aac" : "opus"))
            #expect(probe.sound?.rate == 48_000 && probe.sound?.channels == 2)
            #expect(probe.frames == 105 && probe.start == 0)
            // Opus begins 6.5 ms early with what a player leaves out, which ffprobe counts.
            #expect(abs(probe.duration - 1.75) < 0.01, "\(probe.duration)")
            try await expectClicks(output, at: [0.5, 1.25])
            let length = Double(try await FFmpeg.sound(of: output).count) / 48_000
            // A packet of AAC has 21 ms, and some decoders play the last one to its end.
            #expect(length > 1.749 && length < 1.775, "\(length)")
        }
    }

    @Test("--start begins within the sound, and a longer --duration hears it again", arguments: ["mp4", "webm"])
    func part(format: String) async throws {
        try await withProgram { program in
            let sound = try clicks(program, at: [0.75], length: 1, rate: 48_000)
            let output = program.path("a.\(format)")
            let outcome = try await program.run([
                "render", "--engine", "audio:\(sound)", "--output", output, "--size", "160x90", "--fps", "30",
                "--start",
                "0.5", "--duration", "2",
            ])
            #expect(outcome.status == 0, "\(outcome.errors)")
            try await expectClicks(output, at: [0.25, 1.25])
        }
    }

    @Test("the click is seen in the frame in which it is heard")
    func seen() async throws {
        try await withProgram { program in
            let sound = try clicks(program, at: [0.5], length: 1, rate: 48_000)
            let outcome = try await program.run([
                "render", "--engine", "audio:\(sound)", "--output", program.path("f/%03d.png"), "--size", "320x180",
                "--fps", "60", "--scene", "spectral",
            ])
            #expect(outcome.status == 0, "\(outcome.errors)")
            let pictures = try (0..<60).map {
                try PNGPicture(
                    try Data(contentsOf: URL(filePath: program.path("f/" + String(format: "%03d.png", $0)))))
            }
            func change(_ number: Int) -> Double { pictures[number].shareOfOtherPixels(pictures[number - 1]) }
            let before = (20...29).map(change).max() ?? 1
            let after = (30...36).map(change).max() ?? 0
            #expect(after > 0.01 && after > 3 * before, "\(before) before, \(after) after")
        }
    }

    @Test("a start behind the sound's end is a mistake")
    func behind() async throws {
        try await withProgram { program in
            let sound = try clicks(program, at: [], length: 1, rate: 48_000)
            let outcome = try await program.run([
                "render", "--engine", "audio:\(sound)", "--output", program.path("a.mp4"), "--start", "2",
            ])
            #expect(outcome.status == 64 && outcome.errors.contains("ends after 1.0 s"), "\(outcome.errors)")
        }
    }
}
