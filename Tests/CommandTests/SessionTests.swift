import Foundation
import Glibc
import ProgramHarness
import Testing

@Suite("sessions", .serialized)
struct SessionTests {
    /// Records so many seconds, and kills the program.
    private func killedSession(_ program: PhiMatrixProgram, seconds: Double) async throws -> String {
        let (server, url) = try await program.serve(["--size", "160x96", "--record"])
        let isLong = try await poll(within: .seconds(30)) {
            let answer = try await LoopbackHTTP.request("GET", url.appending(path: "api/recorder/status"))
            let status = try JSONSerialization.jsonObject(with: answer.body) as? [String: Any]
            #expect(status?["bytes"] is Int && status?["bytes_per_second"] is Double)
            return status?["duration"] as? Double ?? 0 >= seconds ? true : nil
        }
        #expect(isLong == true)
        await server.stop(signal: SIGKILL)
        return try #require(try FileManager.default.contentsOfDirectory(atPath: program.path("data/sessions")).first)
    }

    @Test("what a killed program leaves is listed, verified, exported, and rendered twice to the same bytes")
    func killed() async throws {
        try await withProgram { program in
            let id = try await killedSession(program, seconds: 3)
            let metrics = program.path("data/sessions/\(id)/metrics.jsonl")
            // As where the power went: the last line is cut off.
            let handle = try #require(FileHandle(forWritingAtPath: metrics))
            try handle.seekToEnd()
            try handle.write(contentsOf: Data("{\"t\":9999,\"ici\":0.".utf8))
            try handle.close()

            let list = try await program.run(["sessions", "list"])
            #expect(list.status == 0 && list.text.contains(id) && list.text.contains("synthetic"))
            let show = try await program.run(["sessions", "show", "latest"])
            #expect(show.status == 0 && show.text.contains("\"id\" : \"\(id)\""))
            let verify = try await program.run(["sessions", "verify", id, "--json"])
            #expect(verify.status == 0, "\(verify.text) \(verify.errors)")
            let rows = try #require(try JSONSerialization.jsonObject(with: verify.output) as? [[String: Any]])
            let samples = try #require(rows.first?["samples"] as? Int)
            #expect(rows.first?["ok"] as? Bool == true && samples > 100)
            #expect((rows.first?["notes"] as? [String])?.contains { $0.contains("never finished") } == true)
            #expect(rows.first?["torn_lines"] as? Int == 1)

            for format in ["json", "csv"] {
                let file = program.path("export.\(format)")
                let export = try await program.run(["sessions", "export", id, "--format", format, "-o", file])
                #expect(export.status == 0 && export.text.contains("\(samples) samples"), "\(export.errors)")
            }
            let whole = try JSONSerialization.jsonObject(
                with: Data(contentsOf: URL(filePath: program.path("export.json"))))
            #expect(((whole as? [String: Any])?["metrics"] as? [Any])?.count == samples)
            let table = try String(contentsOfFile: program.path("export.csv"), encoding: .utf8).split(separator: "\n")
            #expect(table.count == samples + 1 && Set(table.map { $0.split(separator: ",").count }).count == 1)

            var pictures: [Data] = []
            for n in 0..<2 {
                let folder = program.path("run\(n)")
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                let render = try await program.run([
                    "render", "--engine", "session:\(id)?speed=2", "--size", "96x64", "--fps", "10", "--quiet", "-o",
                    "\(folder)/%03d.png",
                ])
                #expect(render.status == 0, "\(render.errors)")
                let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
                // To the session's end, at twice its speed.
                #expect(names.count >= 10 && names.count < 100)
                pictures.append(
                    try names.reduce(into: Data()) { $0 += try Data(contentsOf: URL(filePath: "\(folder)/\($1)")) })
            }
            #expect(pictures[0] == pictures[1])
            var stills: [Data] = []
            for time in ["0.7", "0.7", "1.1"] {
                let still = try await program.run([
                    "snapshot", "--engine", "session:\(program.path("data/sessions/\(id)"))", "--size", "96x64",
                    "--time",
                    time, "-o", "-",
                ])
                #expect(still.status == 0, "\(still.errors)")
                stills.append(still.output)
            }
            #expect(stills[0] == stills[1] && stills[1] != stills[2])
        }
    }

    @Test("a session plays in a server, which is ready and says what it plays")
    func played() async throws {
        try await withProgram { program in
            let id = try await killedSession(program, seconds: 2)
            let (server, url) = try await program.serve(["--size", "64x64", "--engine", "session:\(id)?loop=1"])
            let isReady = try await poll(within: .seconds(20)) {
                try await LoopbackHTTP.request("GET", url.appending(path: "readyz")).status == 200 ? true : nil
            }
            #expect(isReady == true)
            let answer = try await LoopbackHTTP.request("GET", url.appending(path: "api/status"))
            let status = try #require(try JSONSerialization.jsonObject(with: answer.body) as? [String: Any])
            #expect(status["engine"] as? String == "session:\(id)")
            await server.stop()
        }
    }

    @Test("damage is a failed check, with a sentence for each")
    func damaged() async throws {
        try await withProgram { program in
            let id = try await killedSession(program, seconds: 2)
            let folder = program.path("data/sessions/\(id)")
            var lines = try String(contentsOfFile: "\(folder)/metrics.jsonl", encoding: .utf8)
                .split(separator: "\n").map(String.init)
            lines[3] = "{\"t\":"
            lines.removeLast(lines.count * 9 / 10)
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: "\(folder)/metrics.jsonl"))
            try FileManager.default.removeItem(atPath: "\(folder)/phi.jsonl")
            try Data("no video".utf8).write(to: URL(filePath: "\(folder)/frames.mp4"))
            let verify = try await program.run(["sessions", "verify"])
            #expect(verify.status == 1)
            for part in ["1 lines that are no JSON", "phi.jsonl cannot be read", "session.json says", "frames.mp4"] {
                #expect(verify.text.contains(part), "\(part) in \(verify.text)")
            }
            // A description that is none is told as well, and keeps nobody from anything.
            let other = program.path("data/sessions/20250101_000000")
            try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
            try Data("{".utf8).write(to: URL(filePath: other + "/session.json"))
            let both = try await program.run(["sessions", "verify"])
            #expect(both.status == 1 && both.errors.contains("2 of 2 sessions are damaged"), "\(both.errors)")
            let one = try await program.run(["sessions", "show", "20250101_000000"])
            #expect(one.status == 74 && one.errors.contains("is damaged: session.json is no description"))
            let list = try await program.run(["sessions", "list"])
            #expect(list.status == 0 && list.text.contains(id) && list.text.contains("(damaged: "))
            let (server, url) = try await program.serve(["--size", "64x64"])
            let answer = try await LoopbackHTTP.request("GET", url.appending(path: "api/recorder/sessions"))
            #expect(answer.status == 200 && String(decoding: answer.body, as: UTF8.self).contains(id))
            await server.stop()
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -60)], ofItemAtPath: other + "/session.json")
            #expect(try await program.run(["sessions", "delete", "20250101_000000"]).status == 0)
            #expect(!FileManager.default.fileExists(atPath: other))
        }
    }

    @Test("old sessions are archived, others are not; a deleted one is gone, one that is recorded stays")
    func upkeep() async throws {
        try await withProgram { program in
            let id = try await killedSession(program, seconds: 1)
            let busy = try await program.run(["sessions", "delete", id])
            #expect(busy.status == 1 && busy.errors.contains("being recorded"))
            let folder = program.path("data/sessions/\(id)")
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
                try FileManager.default.setAttributes(
                    [.modificationDate: Date(timeIntervalSinceNow: -3_600)], ofItemAtPath: "\(folder)/\(name)")
            }
            let none = try await program.run(["sessions", "archive", "--older-than", "1h"])
            #expect(none.status == 0 && none.text.contains("0 sessions"))
            let json = try String(contentsOfFile: "\(folder)/session.json", encoding: .utf8)
            let old = json.replacing(/"start" : "\d{4}-/, with: "\"start\" : \"2020-")
            let elder = program.path("data/sessions/20200101_120000")
            try FileManager.default.createDirectory(atPath: elder, withIntermediateDirectories: true)
            try Data(old.utf8).write(to: URL(filePath: "\(elder)/session.json"))
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -3_600)], ofItemAtPath: "\(elder)/session.json")
            try Data("{\"t\":0}\n".utf8).write(to: URL(filePath: "\(elder)/metrics.jsonl"))
            let rehearsal = try await program.run(["sessions", "archive", "--older-than", "90d", "--dry-run"])
            #expect(rehearsal.status == 0 && FileManager.default.fileExists(atPath: "\(elder)/session.json"))
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -3_600)], ofItemAtPath: "\(elder)/metrics.jsonl")
            let moved = try await program.run(["sessions", "archive", "--older-than", "90d"])
            #expect(moved.status == 0 && moved.text.contains("1 sessions"), "\(moved.text) \(moved.errors)")
            #expect(!FileManager.default.fileExists(atPath: elder))
            let file = program.path("data/sessions/archive/20200101_120000.tar.gz")
            #expect(FileManager.default.fileExists(atPath: file))
            let list = try await program.run(["sessions", "list"])
            #expect(list.text.contains(id) && list.text.contains(/20200101_120000.*\(archived\)/), "\(list.text)")
            let rows = try JSONSerialization.jsonObject(
                with: try await program.run(["sessions", "list", "--json"]).output)
            let states = (rows as? [[String: Any]])?.map { "\($0["id"] ?? "") \($0["archived"] as? Bool == true)" }
            #expect(states == ["\(id) false", "20200101_120000 true"])
            let verify = try await program.run(["sessions", "verify", "20200101_120000"])
            #expect(verify.status == 0 && verify.text.contains("archived"), "\(verify.text)")
            for arguments in [
                ["sessions", "export", "20200101_120000"],
                ["snapshot", "--engine", "session:20200101_120000", "-o", "-"],
            ] {
                let refused = try await program.run(arguments)
                #expect(refused.status != 0 && refused.errors.contains("sessions unarchive 20200101_120000"))
            }
            let back = try await program.run(["sessions", "unarchive", "20200101_120000"])
            #expect(back.status == 0, "\(back.errors)")
            #expect(try Data(contentsOf: URL(filePath: "\(elder)/session.json")) == Data(old.utf8))
            let missing = try await program.run(["sessions", "unarchive", "20200101_120000"])
            #expect(missing.status == 65 && missing.errors.contains("sessions list"))
            #expect(try await program.run(["sessions", "delete", id]).status == 0)
            #expect(!FileManager.default.fileExists(atPath: folder))
        }
    }
}
