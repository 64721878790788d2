import Foundation
import Glibc
import ProgramHarness
import TarArchive
import Testing

@testable import SessionStore

@Suite("Archived sessions", .timeLimit(.minutes(1)))
struct SessionArchiveTests {
    private static let id = "20240102_030405"

    /// A folder of sessions with one in it that nobody has written to for an hour, and an archive beside it.
    private func withSession(_ body: (SessionFolder, SessionArchive) throws -> Void) throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "phi-archive-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: root) }
        let folder = SessionFolder(path: root + "/sessions")
        let path = folder.path(of: Self.id)
        try FileManager.default.createDirectory(atPath: path + "/notes", withIntermediateDirectories: true)
        try folder.write(
            Session(
                id: Self.id, name: "Rehearsal", start: "2024-01-02T03:04:05.000Z",
                subject: .init(version: "1", engine: "synthetic", scene: "field", preset: nil), size: "64x48", fps: 30))
        let lines = (0..<20_000).map { "{\"t\":\(Double($0) / 120),\"ici\":0.5}\n" }.joined()
        var generator = SystemRandomNumberGenerator()
        let noise = (0..<200_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        for (name, bytes) in [
            ("metrics.jsonl", Data(lines.utf8)), ("frames.mp4", Data(noise)), ("controls.jsonl", Data()),
            ("notes/φ und mehr.txt", Data("x".utf8)),
        ] { try bytes.write(to: URL(filePath: path + "/" + name)) }
        chmod(path + "/frames.mp4", 0o640)
        for name in ["", "/session.json", "/metrics.jsonl", "/frames.mp4", "/controls.jsonl", "/notes"] {
            let times = [timespec(tv_sec: 1_700_000_000, tv_nsec: 0), timespec(tv_sec: 1_700_000_001, tv_nsec: 0)]
            utimensat(AT_FDCWD, path + name, times, 0)
        }
        try body(folder, SessionArchive(path: root + "/sessions/archive"))
    }

    /// All that is in a folder: kind, mode, time of change and bytes of each.
    private func contents(_ path: String) throws -> [String: String] {
        var found: [String: String] = [:]
        for name in [""] + (try FileManager.default.subpathsOfDirectory(atPath: path)) {
            var information = stat()
            guard lstat(path + "/" + name, &information) == 0 else { continue }
            let bytes = try? Data(contentsOf: URL(filePath: path + "/" + name)).base64EncodedString()
            // The time of what was made last is that of this test.
            let time = name.hasPrefix("notes/") ? 0 : information.st_mtim.tv_sec
            found[name] = "\(information.st_mode) \(time) \(bytes ?? "folder")"
        }
        return found
    }

    @Test("what is put away is smaller, is known, is whole, and comes back bit for bit")
    func back() throws {
        try withSession { folder, archive in
            let before = try contents(folder.path(of: Self.id))
            let bytes = try archive.add(Self.id, of: folder)
            #expect(folder.sessions().isEmpty && folder.damaged().isEmpty)
            let entry = try #require(archive.entries().first)
            #expect(entry.id == Self.id && entry.isCompressed && archive.entries().count == 1)
            #expect(bytes.after == entry.bytes && bytes.before > 600_000 && bytes.after < bytes.before * 2 / 3)
            #expect(try archive.session(of: entry).name == "Rehearsal")
            try archive.verify(entry)
            try archive.restore(entry, to: folder)
            #expect(try contents(folder.path(of: Self.id)) == before)
            #expect(archive.entries().isEmpty && folder.session(Self.id)?.name == "Rehearsal")
            let rest = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            #expect(rest == [Self.id, "archive"])
        }
    }

    @Test("other programs unpack and check it")
    func foreign() async throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "phi-archive-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: root) }
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        try withSession { folder, archive in
            try archive.add(Self.id, of: folder)
            try FileManager.default.copyItem(
                atPath: try #require(archive.entry(Self.id)).path, toPath: root + "/a.tar.gz")
        }
        let command = "cd \(root) && tar -xzf a.tar.gz && sha256sum --check --strict \(Self.id).sha256"
        let outcome = try await ChildProcess(URL(filePath: "/bin/sh"), ["-c", command]).finished(within: .seconds(20))
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.text.split(separator: "\n").filter { $0.hasSuffix(": OK") }.count == 5)
    }

    @Test("an archive with a flipped bit, or cut off, is found out; nothing wrong ever comes back of one")
    func damage() throws {
        try withSession { folder, archive in
            let before = try contents(folder.path(of: Self.id))
            try archive.add(Self.id, of: folder)
            let entry = try #require(archive.entry(Self.id))
            let whole = try Data(contentsOf: URL(filePath: entry.path))
            var found = 0
            for n in 0..<60 {
                var bytes = whole
                if n % 6 == 5 {
                    bytes.removeLast(1 + n * whole.count / 61)
                } else {
                    bytes[whole.count * (n + 1) / 62] ^= 1 << (n % 8)
                }
                try bytes.write(to: URL(filePath: entry.path))
                do { try archive.verify(entry) } catch {
                    found += 1
                    #expect("\(error)".hasSuffix("."))
                    #expect(throws: (any Error).self) { try archive.restore(entry, to: folder) }
                    #expect(folder.sessions().isEmpty && archive.entry(Self.id) != nil)
                    continue
                }
                // What was hit is no part of any file.
                try archive.restore(entry, to: folder)
                #expect(try contents(folder.path(of: Self.id)) == before)
                try folder.discard(Self.id)
            }
            #expect(found >= 57, "\(found) of 60")
        }
    }

    @Test("what cannot be archived stays where it is, with a sentence")
    func stays() throws {
        try withSession { folder, archive in
            let path = folder.path(of: Self.id)
            symlink("/etc/passwd", path + "/link")
            #expect { try archive.add(Self.id, of: folder) } throws: { "\($0)".contains("/link") }
            unlink(path + "/link")
            #expect(archive.entries().isEmpty && folder.session(Self.id) != nil)
            // It was not ended, and something of it was written just now.
            try Data("{}\n".utf8).write(to: URL(filePath: path + "/phi.jsonl"))
            #expect(throws: SessionError.running(id: Self.id)) { try archive.add(Self.id, of: folder) }
            unlink(path + "/phi.jsonl")
            try FileManager.default.createDirectory(atPath: archive.path, withIntermediateDirectories: true)
            try Data().write(to: URL(filePath: archive.path + "/\(Self.id).tar.gz"))
            #expect { try archive.add(Self.id, of: folder) } throws: { "\($0)".contains("there already") }
            #expect(folder.session(Self.id) != nil)
            let entry = try #require(archive.entry(Self.id))
            #expect { try archive.restore(entry, to: folder) } throws: { "\($0)".contains("of that name") }
        }
    }

    @Test("a folder that an earlier version put away is known, and comes back")
    func plain() throws {
        try withSession { folder, archive in
            let before = try contents(folder.path(of: Self.id))
            try FileManager.default.createDirectory(atPath: archive.path, withIntermediateDirectories: true)
            #expect(rename(folder.path(of: Self.id), archive.path + "/" + Self.id) == 0)
            let entry = try #require(archive.entry(Self.id))
            #expect(!entry.isCompressed && entry.bytes > 600_000)
            #expect(try archive.session(of: entry).name == "Rehearsal")
            try archive.verify(entry)
            try archive.restore(entry, to: folder)
            #expect(try contents(folder.path(of: Self.id)) == before)
        }
    }

    @Test("whatever lies in the folder of sessions, the others are there, at once")
    func damaged() throws {
        try withSession { folder, _ in
            func make(_ id: String) throws -> String {
                let path = folder.path(of: id)
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
                return path
            }
            // A program that was killed before it had begun leaves these two: nothing was recorded.
            _ = try make("20250101_000000")
            try Data().write(to: URL(filePath: try make("20250101_000001") + "/session.json.tmp"))
            try Data("{}\n".utf8).write(to: URL(filePath: try make("20250101_000002") + "/metrics.jsonl"))
            try Data("{".utf8).write(to: URL(filePath: try make("20250101_000003") + "/session.json"))
            try Data(count: 3 << 20).write(to: URL(filePath: try make("20250101_000004") + "/session.json"))
            #expect(mkfifo(try make("20250101_000005") + "/session.json", 0o600) == 0)
            #expect(mkdir(try make("20250101_000006") + "/session.json", 0o700) == 0)
            symlink("/dev/zero", try make("20250101_000007") + "/session.json")
            try Data().write(to: URL(filePath: folder.path(of: "20250101_000008")))
            #expect(folder.sessions().map(\.id) == [Self.id])
            #expect(folder.damaged().map { String($0.id.last ?? "?") } == ["8", "7", "6", "5", "4", "3", "2"])
            #expect(folder.damaged().allSatisfy { !$0.reason.isEmpty })
            for (id, _) in folder.damaged() { #expect(folder.session(id) == nil) }
            // A pipe in the place of a file of lines.
            #expect(mkfifo(folder.path(of: Self.id) + "/phi.jsonl", 0o600) == 0)
            var session = try #require(folder.session(Self.id))
            session.streams = [Session.Stream(file: "phi.jsonl", lines: 1, bytes: 1)]
            #expect(SessionCheck(session, in: folder).faults.count == 1)
        }
    }
}
