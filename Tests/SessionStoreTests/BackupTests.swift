import Foundation
import TarArchive
import Testing

@testable import SessionStore

@Suite struct BackupTests {
    @Test func aBackupBringsEverythingBack() throws {
        try withData { root, folder in
            let archive = folder + "/backup.tar.gz"
            let made = try BackupWriter(root: root, version: "1").write(to: archive)
            #expect(made.files == 4)
            #expect(try BackupReading(archive).verify().files.count == 4)
            let before = try Self.contents(root)

            try "changed".write(toFile: root + "/config/phi-matrix.yaml", atomically: true, encoding: .utf8)
            try FileManager.default.removeItem(atPath: root + "/sessions/20260101_120000")
            try "{}".write(toFile: root + "/presets/new.json", atomically: true, encoding: .utf8)
            let result = try BackupRestore(root: root).run(archive)

            let kept = try #require(result.before)
            #expect(try String(contentsOfFile: kept + "/config/phi-matrix.yaml", encoding: .utf8) == "changed")
            #expect(FileManager.default.fileExists(atPath: kept + "/presets/new.json"))
            try FileManager.default.removeItem(atPath: kept)
            #expect(try Self.contents(root) == before)
            let attributes = try FileManager.default.attributesOfItem(atPath: root + "/config/phi-matrix.yaml")
            #expect(attributes[.posixPermissions] as? Int == 0o640)
            #expect((attributes[.modificationDate] as? Date)?.timeIntervalSince1970 == 1_700_000_000)
        }
    }

    @Test func ownersComeBackForRoot() throws {
        try #require(geteuid() == 0, "Owners are restored by root alone; run as root to test it.")
        try withData { root, folder in
            #expect(chown(root + "/presets/mine.json", 1_234, 2_345) == 0)
            let archive = folder + "/backup.tar.gz"
            _ = try BackupWriter(root: root, version: "1").write(to: archive)
            #expect(chown(root + "/presets/mine.json", 0, 0) == 0)
            _ = try BackupRestore(root: root).run(archive)
            let attributes = try FileManager.default.attributesOfItem(atPath: root + "/presets/mine.json")
            #expect(attributes[.ownerAccountID] as? Int == 1_234)
            #expect(attributes[.groupOwnerAccountID] as? Int == 2_345)
        }
    }

    @Test func onePartComesBackAlone() throws {
        try withData { root, folder in
            let archive = folder + "/backup.tar.gz"
            _ = try BackupWriter(root: root, version: "1").write(to: archive)
            for name in ["config/phi-matrix.yaml", "presets/mine.json"] {
                try "changed".write(toFile: root + "/" + name, atomically: true, encoding: .utf8)
            }
            _ = try BackupRestore(root: root, parts: ["presets"]).run(archive)
            #expect(try String(contentsOfFile: root + "/config/phi-matrix.yaml", encoding: .utf8) == "changed")
            #expect(try String(contentsOfFile: root + "/presets/mine.json", encoding: .utf8) != "changed")
        }
    }

    @Test func anEmptyDirectoryIsFilled() throws {
        try withData { root, folder in
            let archive = folder + "/backup.tar.gz"
            _ = try BackupWriter(root: root, version: "1").write(to: archive)
            let new = folder + "/new/data"
            let result = try BackupRestore(root: new).run(archive)
            #expect(result.before == nil)
            #expect(try Self.contents(new) == Self.contents(root))
        }
    }

    /// Lines are written while the backup reads; it has to hold whole lines, and be right by its own checksums.
    @Test func aRecordingIsTakenToItsLastWholeLine() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "backup-\(UUID().uuidString)").path
        let session = folder + "/data/sessions/20260101_120000"
        try FileManager.default.createDirectory(atPath: session, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = session + "/metrics.jsonl"
        let writing = Task.detached {
            let file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o644)
            defer { close(file) }
            var n = 0
            while !Task.isCancelled {
                // In two pieces, so that a line is often torn.
                for piece in ["{\"n\":\(n),\"pad\":\"\(String(repeating: "x", count: 900))", "\"}\n"] {
                    _ = piece.utf8.withContiguousStorageIfAvailable { write(file, $0.baseAddress, $0.count) }
                    usleep(20)
                }
                n += 1
            }
        }
        try await Task.sleep(for: .milliseconds(100))
        for n in 0..<20 {
            let archive = "\(folder)/backup\(n).tar.gz"
            _ = try BackupWriter(root: folder + "/data", version: "1").write(to: archive)
            _ = try BackupReading(archive).verify()
            let reader = try ArchiveReader(archive)
            var lines = 0
            while let entry = try reader.next() {
                guard entry.name.hasSuffix(".jsonl") else { continue }
                var text = Data()
                try reader.read { text.append(contentsOf: $0) }
                #expect(text.isEmpty || text.last == 0x0A)
                for line in text.split(separator: 0x0A) {
                    lines += 1
                    #expect((try? JSONSerialization.jsonObject(with: line)) != nil)
                }
            }
            #expect(lines > 0)
        }
        writing.cancel()
        await writing.value
    }

    @Test func aChangedByteIsFoundAndNothingIsTouched() throws {
        try withData { root, folder in
            let archive = folder + "/backup.tar.gz"
            _ = try BackupWriter(root: root, version: "1").write(to: archive)
            let forged = folder + "/forged.tar.gz"
            // The same files, one with another byte, under the old manifest.
            let reader = try ArchiveReader(archive)
            let writer = try ArchiveWriter(forged)
            while let entry = try reader.next() {
                var bytes: [UInt8] = []
                try reader.read { bytes.append(contentsOf: $0) }
                if entry.name == "server/presets/mine.json" { bytes[0] ^= 1 }
                if entry.isFolder { try writer.begin(entry) } else { try writer.add(entry, bytes) }
            }
            try writer.finish()
            let before = try Self.contents(root)
            #expect(
                throws: BackupError.invalid(
                    forged, "'server/presets/mine.json' is not as it was when the backup was made")
            ) { try BackupRestore(root: root).run(forged) }
            #expect(try Self.contents(root) == before)
        }
    }

    @Test(arguments: ["cut", "foreign", "escape", "extra"])
    func whatIsNoGoodIsRefusedAndNothingIsTouched(_ kind: String) throws {
        try withData { root, folder in
            let archive = folder + "/bad.tar.gz"
            let before = try Self.contents(root)
            let writer = try ArchiveWriter(archive)
            func entry(_ name: String) -> ArchiveEntry { ArchiveEntry(name: name, size: 0, mode: 0o644, modified: 0) }
            switch kind {
            case "cut": try writer.add(entry("server/config/a.yaml"), [1])
            case "foreign": try writer.add(entry("etc/passwd"), [1])
            case "escape": try writer.add(entry("server/config/../../../escaped"), [1])
            default:
                try writer.add(entry("server/config/a.yaml"), [1])
                try writer.add(
                    entry("server/manifest.json"), try BackupManifest(created: "now", version: "1", files: []).json())
            }
            try writer.finish()
            #expect(throws: (any Error).self) { try BackupRestore(root: root).run(archive) }
            #expect(try Self.contents(root) == before)
            #expect(!FileManager.default.fileExists(atPath: folder + "/escaped"))
        }
    }

    @Test func aServerThatRunsKeepsItsFiles() throws {
        try withData { root, folder in
            let archive = folder + "/backup.tar.gz"
            _ = try BackupWriter(root: root, version: "1").write(to: archive)
            let lock = try #require(DataDirectoryLock(shared: root))
            #expect(DataDirectoryLock(shared: root) != nil)
            #expect(throws: BackupError.inUse(root)) { try BackupRestore(root: root).run(archive) }
            lock.release()
            _ = try BackupRestore(root: root).run(archive)
        }
    }

    @Test func oldBackupsGoAndTheNewestStays() throws {
        try withData { _, folder in
            let names = [
                "backup-20260101-000000.tar.gz", "backup-20260301-000000.tar.gz", "backup-20260329-120000.tar.gz",
                "backup-pre-deploy-20260101-000000.tar.gz", "backup-note.txt", "other-20200101-000000.tar.gz",
            ]
            for name in names { try Data().write(to: URL(filePath: folder + "/" + name)) }
            let now = try #require(BackupName(file: "backup-20260330-000000.tar.gz")).date
            let removed = try BackupRetention(folder: folder).run(keep: 30 * 86_400, now: now)
            #expect(removed == ["backup-20260101-000000.tar.gz"])
            let later = try BackupRetention(folder: folder).run(keep: 86_400, now: now + 100 * 86_400)
            #expect(later == ["backup-20260301-000000.tar.gz"])
        }
    }

    @Test func namesTellWhenTheyWereMade() throws {
        let name = try #require(BackupName(file: "backup-pre-deploy-20251017-100000.tar.gz"))
        #expect(name.label == "pre-deploy")
        #expect(name.file == "backup-pre-deploy-20251017-100000.tar.gz")
        #expect(name.date.timeIntervalSince1970 == 1_760_695_200)
        #expect(BackupName(file: "backup-20251317-100000.tar.gz") == nil)
        #expect(!BackupName.isLabel("a/b"))
    }

    private func withData(_ body: (String, String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "backup-\(UUID().uuidString)").path
        let root = folder + "/data"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let files = [
            "config/phi-matrix.yaml": "port: 8123\n", "presets/mine.json": #"{"name": "mine"}"#,
            "sessions/20260101_120000/session.json": "{}",
            "sessions/20260101_120000/metrics.jsonl": "{\"a\":1}\n{\"a\":2}\n",
        ]
        for (name, text) in files {
            let path = URL(filePath: root + "/" + name)
            try FileManager.default.createDirectory(
                at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: path, atomically: true, encoding: .utf8)
        }
        chmod(root + "/config/phi-matrix.yaml", 0o640)
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_700_000_000)],
            ofItemAtPath: root + "/config/phi-matrix.yaml")
        try body(root, folder)
    }

    @Test func foldersChangePlacesAlsoWhereTheFileSystemCannotDoSoInOneStep() throws {
        try withData { root, folder in
            let one = root + "/config", other = folder + "/other"
            try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: false)
            try "{}".write(toFile: other + "/new.json", atomically: true, encoding: .utf8)
            func refuse(_: String, _: String) -> Int32 {
                errno = EINVAL
                return -1
            }
            #expect(BackupRestore.changePlaces(other, one, exchange: refuse))
            #expect(try FileManager.default.contentsOfDirectory(atPath: one) == ["new.json"])
            #expect(try FileManager.default.contentsOfDirectory(atPath: other) == ["phi-matrix.yaml"])
            // What cannot take the place leaves it to what is there.
            #expect(!BackupRestore.changePlaces(folder + "/nothing", one, exchange: refuse))
            #expect(errno == ENOENT)
            #expect(try FileManager.default.contentsOfDirectory(atPath: one) == ["new.json"])
            // Nor is anything elsewhere where the last of the three steps fails.
            var steps = 0
            func failThird(_ from: String, _ to: String) -> Int32 {
                steps += 1
                guard steps == 3 else { return rename(from, to) }
                errno = EIO
                return -1
            }
            #expect(!BackupRestore.changePlaces(other, one, exchange: refuse, move: failThird))
            #expect(errno == EIO && steps == 5)
            #expect(try FileManager.default.contentsOfDirectory(atPath: one) == ["new.json"])
            #expect(try FileManager.default.contentsOfDirectory(atPath: other) == ["phi-matrix.yaml"])
            #expect(access(other + BackupRestore.aside, F_OK) != 0)
        }
    }

    @Test func aPartOnAnotherDiskIsBackedUpAndALinkToNothingIsTold() throws {
        try withData { root, folder in
            try FileManager.default.moveItem(atPath: root + "/sessions", toPath: folder + "/large")
            try FileManager.default.createSymbolicLink(
                atPath: root + "/sessions", withDestinationPath: folder + "/large")
            let made = try BackupWriter(root: root, version: "1").write(to: folder + "/backup.tar.gz")
            #expect(made.files == 4)
            try FileManager.default.removeItem(atPath: folder + "/large")
            #expect(throws: BackupError.self) {
                try BackupWriter(root: root, version: "1").write(to: folder + "/none.tar.gz")
            }
        }
    }

    private static func contents(_ root: String) throws -> [String: Data] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: root)
        return try names.reduce(into: [:]) { all, name in
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: root + "/" + name, isDirectory: &isFolder), !isFolder.boolValue
            else { return }
            all[name] = try Data(contentsOf: URL(filePath: root + "/" + name))
        }
    }
}
