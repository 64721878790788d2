import Foundation
import ImageVerify
import ProgramHarness
import Testing

@Suite("verify", .serialized)
struct VerifyTests {
    @Test("the golden cases of the checkout pass, measured, without a word from the validation layer, within a minute")
    func goldens() async throws {
        try await withProgram { program in
            let report = program.path("report")
            let outcome = try await program.run([
                "verify", "--report", report, "--manifest", GoldenFolder.original.appending(path: "manifest.json").path,
            ])
            #expect(outcome.status == 0, "\(outcome.text)\n\(outcome.errors)")
            let data = try Data(contentsOf: URL(filePath: "\(report)/report.json"))
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            let document = try decoder.decode(GoldenFolder.Report.self, from: data)
            #expect(document.cases.count >= 60)
            #expect(document.seconds < 60)
            #expect(document.cases.reduce(0) { $0 + $1.probes.count } > 500)
            let page = try Data(contentsOf: URL(filePath: "\(report)/report.html"))
            #expect(page.count < 20 * 1_024 * 1_024)
            let junit = try String(contentsOf: URL(filePath: "\(report)/junit.xml"), encoding: .utf8)
            #expect(junit.components(separatedBy: "<testcase ").count - 1 == document.cases.count)
            #expect(XMLCheck.isWellFormed(junit))
        }
    }

    @Test("the same pictures twice, on any number of threads, in any order, several at a time")
    func deterministic() async throws {
        try await withProgram { program in
            let folder = try await GoldenFolder(program, making: [])
            func hashes(_ arguments: [String], _ environment: [String: String] = [:]) async throws -> [String: String?]
            {
                let (outcome, report) = try await folder.verify(arguments, environment: environment)
                #expect(outcome.status == 0, "\(outcome.errors)")
                return Dictionary(uniqueKeysWithValues: report.cases.map { ($0.name, $0.actualHash) })
            }
            let first = try await hashes(["--jobs", "1"])
            #expect(first.count >= 60)
            #expect(Set(first.values).count == first.count, "Every case has a picture of its own.")
            #expect(try await hashes(["--jobs", "1"]) == first)
            #expect(try await hashes(["--jobs", "4"]) == first)
            #expect(try await hashes(["--jobs", "2", "--shuffle", "7"]) == first)
            for count in ["0", "1", "2"] {
                #expect(try await hashes([], ["LP_NUM_THREADS": count]) == first, "\(count) threads")
            }
        }
    }

    @Test("another seed differs where chance plays, and nowhere else")
    func seed() async throws {
        try await withProgram { program in
            let folder = try await GoldenFolder(program, making: [])
            let (outcome, report) = try await folder.verify(["--seed", "2"])
            #expect(outcome.status == 1)
            for item in report.cases {
                #expect(
                    (item.outcome == "failed") == item.input.hasPrefix("synthetic"), "\(item.name): \(item.outcome)")
            }
        }
    }

    @Test("a missing golden picture, a changed one, a damaged one, a known failure")
    func states() async throws {
        try await withProgram { program in
            let cases = ["matrix-silent", "spectral-silent", "topology-silent", "field-silent", "waveform-silent"]
            let folder = try await GoldenFolder(program, making: Array(cases.dropFirst()))
            // Swapped colours that nobody approved.
            let golden = try ImageFile.read(folder.golden("spectral-silent"))
            try ImageFile.write(
                try golden.mapped { [$0[2], $0[1], 255 - $0[0]] }, to: folder.golden("spectral-silent"))
            try folder.edit("manifest.json") { text in
                var text = text
                for name in ["topology-silent", "waveform-silent"] {
                    text = text.replacingOccurrences(
                        of: #""name": "\#(name)","#, with: #""name": "\#(name)", "known_failure": "the ring is late","#)
                }
                // One of the two has got worse in truth.
                return text.replacingOccurrences(
                    of: #""scene": "waveform", "engine": "fixture:states/silent.json", "time": 1.0"#,
                    with: #""scene": "waveform", "engine": "fixture:states/balanced.json", "time": 1.0"#)
            }
            let whole = try Data(contentsOf: URL(filePath: folder.golden("field-silent")))
            try whole.prefix(whole.count / 2).write(to: URL(filePath: folder.golden("field-silent")))

            let (outcome, report) = try await folder.verify([], cases)
            let outcomes = Dictionary(uniqueKeysWithValues: report.cases.map { ($0.name, $0.outcome) })
            #expect(
                outcomes == [
                    "matrix-silent": "missing", "spectral-silent": "error", "topology-silent": "unexpected_pass",
                    "field-silent": "error", "waveform-silent": "known_failure",
                ])
            #expect(outcome.status == 65, "\(outcome.errors)")
            #expect(outcome.errors.contains("2 of 5 cases could not be compared"))
            let (missing, _) = try await folder.verify([], ["matrix-silent"])
            #expect(missing.status == 1, "A missing golden picture is no pass.")
        }
    }

    @Test("another driver than that of the golden pictures is judged by what the eye sees, and by the measurements")
    func otherDriver() async throws {
        let cases = ["spectral", "topology", "matrix", "field"].map { "\($0)-balanced" }
        try await withProgram { program in
            let folder = try await GoldenFolder(program, making: cases)
            try folder.edit("approvals.jsonl") { $0.replacingOccurrences(of: "llvmpipe-mesa", with: "another-mesa") }
            let (same, report) = try await folder.verify([], cases)
            #expect(same.status == 0, "\(same.errors)")
            #expect(report.cases.allSatisfy { $0.tier == 2 })
            try folder.replaceGoldens(cases) { try $0.mapped { [$0[2], $0[1], $0[0]] } }
            let (swapped, _) = try await folder.verify([], cases)
            #expect(swapped.status == 1)
        }
    }

    @Test("approving takes a reason, and keeps what was")
    func approve() async throws {
        try await withProgram { program in
            let folder = try await GoldenFolder(program, making: ["topology-balanced"])
            try folder.edit("states/balanced.json") { $0.replacingOccurrences(of: #""ici":0.5"#, with: #""ici":0.2"#) }
            #expect(try await folder.verify([], ["topology-balanced"]).outcome.status == 1)
            let arguments = ["verify", "approve", "--manifest", folder.manifest, "--case", "topology-balanced"]
            let silent = try await program.run(arguments + ["--reason", " "], environment: ["CI": ""])
            #expect(silent.status == 64)
            let pipeline = try await program.run(
                arguments + ["--reason", "ICI is 0.2 now"], environment: ["CI": "true"])
            #expect(pipeline.status == 64)
            #expect(pipeline.errors.contains("refused in CI"))
            let update = try await program.run(
                ["verify", "--manifest", folder.manifest, "--update-missing"], environment: ["CI": "true"])
            #expect(update.status == 64)

            let approved = try await program.run(arguments + ["--reason", "ICI is 0.2 now"], environment: ["CI": ""])
            #expect(approved.status == 0, "\(approved.errors)")
            #expect(try await folder.verify([], ["topology-balanced"]).outcome.status == 0)
            let lines = try String(contentsOf: URL(filePath: program.path("goldens/approvals.jsonl")), encoding: .utf8)
                .split(separator: "\n")
            let last = try #require(lines.last)
            let newest = try #require(try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any])
            #expect(newest["reason"] as? String == "ICI is 0.2 now")
            #expect(newest["old_hash"] as? String != newest["new_hash"] as? String)
            for key in ["driver", "driver_key", "commit", "version", "date", "figures"] {
                #expect(newest[key] != nil, "\(key)")
            }
        }
    }

    @Test("a running server's pictures are measured, drawn again and compared")
    func live() async throws {
        try await withProgram { program in
            let (server, url) = try await program.serve(["--scene", "topology", "--size", "640x360"])
            let address = String(url.absoluteString.dropLast())
            let outcome = try await program.run(["verify", "--url", address, "--report", program.path("live")])
            #expect(outcome.status == 0, "\(outcome.text)\n\(outcome.errors)")
            #expect(outcome.text.contains("3 of 3 cases passed"))
            // Without a driver the pictures are measured, and that is said.
            let driverless = try await program.run(
                ["verify", "--url", address, "--report", program.path("live")],
                environment: ["VK_DRIVER_FILES": "/nowhere.json"])
            #expect(driverless.status == 0, "\(driverless.errors)")
            #expect(driverless.text.contains("measured, and not compared"))
            let mistyped = try await program.run(
                ["verify", "--url", address, "--device", "none", "--report", program.path("live")])
            #expect(mistyped.status == 64)
            // Figures over the picture are nothing that could be drawn again.
            _ = try await LoopbackHTTP.request(
                "POST", url.appending(path: "api/hud"), body: Data(#"{"enabled": true}"#.utf8))
            let covered = try await program.run(["verify", "--url", address, "--report", program.path("live")])
            #expect(covered.status == 1)
            #expect(covered.errors.contains("over its picture"))
            _ = await server.stop()
        }
        try await withProgram { program in
            let gone = try await program.run([
                "verify", "--url", "http://127.0.0.1:9", "--report", program.path("live"),
            ])
            #expect(gone.status == 69)
            let nonsense = try await program.run(["verify", "--url", "nonsense", "--report", program.path("live")])
            #expect(nonsense.status == 64)
        }
    }
}

/// Whether a text is well-formed XML: every element is closed, in order.
private enum XMLCheck {
    static func isWellFormed(_ text: String) -> Bool {
        var open: [Substring] = []
        for match in text.matches(of: /<(\/?)([A-Za-z]+)((?:[^>"]|"[^"]*")*?)(\/?)>/) {
            if !match.1.isEmpty {
                guard open.popLast() == match.2 else { return false }
            } else if match.4.isEmpty {
                open.append(match.2)
            }
        }
        return open.isEmpty
    }
}
