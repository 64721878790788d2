import Foundation
import ProgramHarness
import Testing

@Suite("backup of a server that records", .serialized)
struct BackupServeTests {
    /// Changes one byte of a file.
    private func damage(_ path: String, at offset: Int) throws {
        let handle = try #require(FileHandle(forUpdatingAtPath: path))
        defer { try? handle.close() }
        try handle.seek(toOffset: UInt64(offset))
        let byte = try #require(try handle.read(upToCount: 1)?.first)
        try handle.seek(toOffset: UInt64(offset))
        try handle.write(contentsOf: Data([byte ^ 1]))
    }

    @Test("comes back as sessions that verify, and damage to any file of them is found")
    func recording() async throws {
        try await withProgram { program in
            let (server, url) = try await program.serve(["--size", "320x180", "--record"])
            let isLong = try await poll(within: .seconds(30)) {
                let answer = try await LoopbackHTTP.request("GET", url.appending(path: "api/recorder/status"))
                let status = try JSONSerialization.jsonObject(with: answer.body) as? [String: Any]
                return status?["duration"] as? Double ?? 0 >= 3 ? true : nil
            }
            #expect(isLong == true)
            let elsewhere = ["SOUNDLAB_DATA_DIR": program.path("elsewhere")]
            for n in 0..<5 {
                let made = try await program.run(["backup", "create", "--to", program.folder.path, "--label", "b\(n)"])
                #expect(made.status == 0, "\(made.errors)")
                let name = try FileManager.default.contentsOfDirectory(atPath: program.folder.path)
                    .first { $0.hasPrefix("backup-b\(n)-") }
                let back = try await program.run(
                    ["backup", "restore", program.path(try #require(name))], environment: elsewhere)
                #expect(back.status == 0, "\(back.errors)")
                let verified = try await program.run(["sessions", "verify"], environment: elsewhere)
                #expect(verified.status == 0, "\(verified.text)\(verified.errors)")
                try await Task.sleep(for: .milliseconds(170))
            }
            #expect(try #require(await server.stop()).status == 0)

            let ended = try await program.run(["sessions", "verify"])
            #expect(ended.status == 0, "\(ended.text)")
            let sessions = program.path("data/sessions")
            let id = try #require(try FileManager.default.contentsOfDirectory(atPath: sessions).first)
            for file in ["frames.mp4", "metrics.jsonl", "phi.jsonl"] {
                let path = "\(sessions)/\(id)/\(file)"
                let size = try #require(
                    try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
                for offset in [size / 2, size - 2] {
                    try damage(path, at: offset)
                    let found = try await program.run(["sessions", "verify", id])
                    #expect(found.status == 1 && found.text.contains(file), "\(file) \(offset): \(found.text)")
                    try damage(path, at: offset)
                }
                // One byte less, with as many lines as before.
                let whole = try Data(contentsOf: URL(filePath: path))
                let digit = try #require(whole.firstIndex { (0x30...0x39).contains($0) })
                try (whole[..<digit] + whole[(digit + 1)...]).write(to: URL(filePath: path))
                let shorter = try await program.run(["sessions", "verify", id])
                #expect(shorter.status == 1 && shorter.text.contains(file), "\(file): \(shorter.text)")
                try whole.write(to: URL(filePath: path))
            }
            #expect(try await program.run(["sessions", "verify", id]).status == 0)
        }
    }

    @Test("a data directory that is not there is told, and makes no empty backup")
    func nothing() async throws {
        try await withProgram { program in
            let outcome = try await program.run(
                ["backup", "create", "--to", program.folder.path],
                environment: ["SOUNDLAB_DATA_DIR": program.path("nowhere")])
            #expect(outcome.status == 74 && outcome.errors.contains("nowhere"), "\(outcome.errors)")
            let names = try FileManager.default.contentsOfDirectory(atPath: program.folder.path)
            #expect(!names.contains { $0.hasPrefix("backup-") }, "\(names)")
        }
    }
}
