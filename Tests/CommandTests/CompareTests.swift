import Foundation
import ImageVerify
import ProgramHarness
import Testing

@Suite("compare")
struct CompareTests {
    private struct Figures: Decodable {
        let identical: Bool
        let maxDifference: Int
        let outliers: Double
        let flipMean: Double
        let milliseconds: Double
    }

    private func figures(_ program: PhiMatrixProgram, _ a: String, _ b: String) async throws -> Figures {
        let outcome = try await program.run(["compare", a, b, "--json"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Figures.self, from: outcome.output)
    }

    private static let goldens = ["spectral", "breathing", "topology", "waveform", "matrix", "field"].map {
        GoldenFolder.original.appending(path: "\($0)-deep-12s.png").path
    }

    @Test("FLIP agrees with the reference evaluator to 1e-4 on two dozen pairs")
    func reference() async throws {
        let python = try await ReferenceEvaluator.python()
        try await withProgram { program in
            var pairs: [(String, String)] = []
            func keep(_ image: RasterImage, _ name: String) throws -> String {
                try ImageFile.write(image, to: program.path(name))
                return program.path(name)
            }
            var generator = SystemRandomNumberGenerator()
            for (n, path) in Self.goldens.enumerated() {
                let image = try ImageFile.read(path)
                pairs.append((path, try keep(try image.rearranged { (max($0 - 1, 0), $1) }, "moved\(n).png")))
                pairs.append((path, try keep(try image.mapped { $0.map { $0 * 1.01 } }, "gain\(n).png")))
                pairs.append((path, try keep(try image.mapped { [$0[2], $0[1], $0[0]] }, "swapped\(n).png")))
                let noisy = try image.mapped { $0.map { $0 + Double(Int.random(in: -1...1, using: &generator)) } }
                pairs.append((path, try keep(noisy, "noise\(n).png")))
            }
            pairs.append((Self.goldens[0], Self.goldens[5]))
            let black = try keep(try ImageFile.read(Self.goldens[1]).mapped { _ in [0, 0, 0] }, "black.png")
            let white = try keep(try ImageFile.read(Self.goldens[1]).mapped { _ in [255, 255, 255] }, "white.png")
            pairs.append((black, white))
            let random = try ImageFile.read(Self.goldens[2]).mapped { _ in
                (0..<3).map { _ in Double(Int.random(in: 0...255, using: &generator)) }
            }
            pairs.append((try keep(random, "random.png"), Self.goldens[3]))

            let expected = try await ReferenceEvaluator.means(pairs, python: python)
            #expect(expected.count == pairs.count && pairs.count >= 20)
            for (pair, mean) in zip(pairs, expected) {
                let own = try await figures(program, pair.0, pair.1)
                #expect(abs(own.flipMean - mean) <= 1e-4, "\(pair): \(own.flipMean), the reference says \(mean)")
            }
        }
    }

    @Test("two pictures of 1280x720 are compared within 150 ms")
    func fast() async throws {
        try await withProgram { program in
            for scene in ["field", "topology"] {
                let outcome = try await program.run(
                    ["snapshot", "--scene", scene, "--time", "9", "--output", program.path("\(scene).png")])
                #expect(outcome.status == 0)
            }
            var best = Double.infinity
            for _ in 0..<5 {
                let figures = try await figures(program, program.path("field.png"), program.path("topology.png"))
                #expect(figures.outliers > 0.05, "They are hardly alike.")
                best = min(best, figures.milliseconds)
            }
            #expect(best < 150, "\(best) ms")
        }
    }

    @Test("limits decide the exit code; the map shows where")
    func limits() async throws {
        try await withProgram { program in
            let a = Self.goldens[0], b = program.path("moved.png")
            try ImageFile.write(try ImageFile.read(a).rearranged { (max($0 - 1, 0), $1) }, to: b)
            let same = try await program.run(["compare", a, a, "--flip-mean", "0", "--outliers", "0"])
            #expect(same.status == 0)
            #expect(same.text.contains("The pictures are the same."))
            let map = program.path("map.png")
            let other = try await program.run(["compare", a, b, "--flip-mean", "0.001", "--map", map])
            #expect(other.status == 1)
            #expect(other.errors.contains("FLIP mean"))
            let heat = try ImageFile.read(map)
            #expect((heat.width, heat.height) == (320, 180))
            #expect(Set(stride(from: 0, to: heat.bytes.count, by: 4).map { heat.bytes[$0] }).count > 20)
            #expect(try await program.run(["compare", a, b]).status == 0, "Without a limit nothing is too much.")
        }
    }

    @Test("what is no plain picture is refused in a sentence, and never equal")
    func badFiles() async throws {
        let whole = [UInt8](try Data(contentsOf: URL(filePath: Self.goldens[0])))
        func header(_ width: UInt32, _ height: UInt32, depth: UInt8, kind: UInt8, interlace: UInt8) -> [UInt8] {
            var bytes = whole
            for (at, value) in [(16, width), (20, height)] {
                for n in 0..<4 { bytes[at + n] = UInt8(truncatingIfNeeded: value >> UInt32(8 * (3 - n))) }
            }
            (bytes[24], bytes[25], bytes[28]) = (depth, kind, interlace)
            return bytes
        }
        let files: [(String, [UInt8], Int32, String)] = [
            ("truncated.png", Array(whole.prefix(whole.count / 2)), 65, "end is missing"),
            ("a-byte-short.png", Array(whole.dropLast(1)), 65, "end is missing"),
            ("no-end.png", Array(whole.dropLast(12)), 65, "end is missing"),
            ("rubbish.png", whole + [0, 1, 2], 65, "end is missing"),
            ("header-only.png", Array(whole.prefix(20)), 65, "not whole"),
            ("empty.png", [], 65, "is no PNG"),
            ("text.png", Array("Not a picture.".utf8), 65, "is no PNG"),
            ("huge.png", header(100_000, 100_000, depth: 8, kind: 6, interlace: 0), 65, "100000x100000"),
            ("deep.png", header(320, 180, depth: 16, kind: 2, interlace: 0), 65, "16 bits"),
            ("palette.png", header(320, 180, depth: 8, kind: 3, interlace: 0), 65, "palette"),
            ("interlaced.png", header(320, 180, depth: 8, kind: 6, interlace: 1), 65, "interlaced"),
            ("checksum.png", header(320, 179, depth: 8, kind: 6, interlace: 0), 65, "damaged"),
        ]
        try await withProgram { program in
            for (name, bytes, status, words) in files {
                let path = program.path(name)
                try Data(bytes).write(to: URL(filePath: path))
                for pair in [[path, Self.goldens[0]], [Self.goldens[0], path], [path, path]] {
                    let outcome = try await program.run(["compare"] + pair)
                    #expect(outcome.status == status, "\(name): \(outcome.errors)")
                    #expect(outcome.errors.contains(words), "\(outcome.errors)")
                    #expect(outcome.errors.split(separator: "\n").count == 1)
                }
            }
            for (arguments, status) in [
                (["/nowhere/a.png", Self.goldens[0]], Int32(74)), (["/tmp", Self.goldens[0]], 74),
                ([Self.goldens[0], Self.goldens[0], "--map", "/proc/nothing/map.png"], 74),
                ([Self.goldens[0], GoldenFolder.original.appending(path: "field-balanced.png").path], 65),
                ([Self.goldens[0], Self.goldens[0], "--flip-mean", "2"], 64),
            ] {
                let outcome = try await program.run(["compare"] + arguments)
                #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
            }
        }
    }

    @Test(
        "a manifest that is wrong is told by file, case and reason",
        arguments: [
            (#""name": "breathing-silent""#, #""name": "spectral-silent""#, "twice"),
            (#""scene": "field", "engine""#, #""scene": "meadow", "engine""#, "'meadow'"),
            (#""size": "640x360""#, #""size": "640 by 360""#, "'640 by 360'"),
            (#""tolerance": "standard""#, #""tolerance": "loose""#, "'loose'"),
            (#""max_difference": 3"#, #""max_difference": 300"#, "300"),
            (#""name": "breathing-silent""#, #""name": "../breathing""#, "../breathing"),
            (#""schema": "phi-goldens.v1""#, #""schema": "phi-goldens.v9""#, "phi-goldens.v9"),
            (#""cases": ["#, #""cases": [,"#, "no valid JSON"),
            (#""fixture:states/silent.json""#, #""fixture:../../secret.json""#, "not a file beside it"),
            (#""fixture:states/silent.json""#, #""fixture:states/none.json""#, "cannot be read"),
            (#""audio:sounds/chord.flac""#, #""midi""#, "'midi'"),
        ])
    func badManifest(old: String, new: String, words: String) async throws {
        try await withProgram { program in
            let folder = program.path("goldens")
            try FileManager.default.copyItem(atPath: GoldenFolder.original.path, toPath: folder)
            let path = "\(folder)/manifest.json"
            let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
            #expect(text.contains(old))
            try Data(text.replacingOccurrences(of: old, with: new).utf8).write(to: URL(filePath: path))
            let outcome = try await program.run(["verify", "--manifest", path, "--report", program.path("report")])
            #expect([65, 74].contains(outcome.status), "\(outcome.status)")
            #expect((outcome.text + outcome.errors).contains(words), "\(outcome.text)\(outcome.errors)")
        }
    }

    @Test("a folder that cannot be written, a manifest that is not there, a case that is not")
    func otherMistakes() async throws {
        try await withProgram { program in
            let manifest = GoldenFolder.original.appending(path: "manifest.json").path
            for (arguments, status) in [
                (["--manifest", manifest, "--report", "/proc/report"], Int32(74)),
                (["--manifest", "/nowhere/manifest.json", "--report", program.path("r")], 74),
                (["--manifest", manifest, "--case", "nothing-*", "--report", program.path("r")], 64),
                (["--manifest", manifest, "--jobs", "0", "--report", program.path("r")], 64),
                (["--manifest", manifest, "--driver-key", "voodoo-2", "--report", program.path("r")], 69),
                (["--manifest", manifest, "--device", "none", "--report", program.path("r")], 64),
            ] {
                let outcome = try await program.run(["verify"] + arguments)
                #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
                #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
            }
            let driverless = try await program.run(
                ["verify", "--manifest", manifest, "--report", program.path("r")],
                environment: ["VK_DRIVER_FILES": "/nowhere.json"])
            #expect(driverless.status == 69)
        }
    }
}
