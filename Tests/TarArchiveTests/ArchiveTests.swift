import CArchive
import Foundation
import Testing

@testable import TarArchive

@Suite struct ArchiveTests {
    @Test func whatIsWrittenIsRead() throws {
        try withFolder { folder in
            let path = folder + "/a.tar.gz"
            let long = (0..<400_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let writer = try ArchiveWriter(path)
            try writer.begin(ArchiveEntry(name: "a", isFolder: true, size: 0, mode: 0o750, modified: 1_000))
            try writer.add(
                ArchiveEntry(name: "a/φ.bin", size: 0, mode: 0o640, user: 12, group: 34, modified: 2_000), long)
            try writer.add(ArchiveEntry(name: "empty", size: 0, mode: 0o600, modified: 3_000), [])
            #expect(!FileManager.default.fileExists(atPath: path))
            try writer.finish()

            let reader = try ArchiveReader(path)
            let first = try #require(try reader.next())
            #expect(first.isFolder)
            #expect(first.name == "a")
            #expect(first.mode == 0o750)
            let second = try #require(try reader.next())
            #expect(
                second
                    == ArchiveEntry(
                        name: "a/φ.bin", size: long.count, mode: 0o640, user: 12, group: 34, modified: 2_000))
            var bytes: [UInt8] = []
            try reader.read { bytes.append(contentsOf: $0) }
            #expect(bytes == long)
            #expect(try reader.next()?.name == "empty")
            #expect(try reader.next() == nil)
        }
    }

    @Test func anUnfinishedArchiveLeavesNothing() throws {
        try withFolder { folder in
            do {
                let writer = try ArchiveWriter(folder + "/a.tar.gz")
                try writer.add(ArchiveEntry(name: "a", size: 0, mode: 0o600, modified: 0), [1, 2, 3])
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }

    @Test(arguments: [
        "/etc/passwd", "../up", "a/../../up", "a//b", "./a", "a/.", "back\\slash", "line\nbreak",
        String(repeating: "x", count: 2_000),
    ])
    func namesThatLeadElsewhereAreRefused(_ name: String) throws {
        try withFolder { folder in
            let path = folder + "/bad.tar.gz"
            try RawArchive.write(path) { $0.file(name, [1]) }
            #expect { try Self.readAll(path) } throws: { error in
                if case .refused(path, _, _)? = error as? ArchiveError { true } else { false }
            }
        }
    }

    @Test func linksDevicesAndDoublesAreRefused() throws {
        try withFolder { folder in
            let builders: [(RawArchive) -> Void] = [
                { $0.link("l", to: "/etc/passwd", isHard: false) },
                { archive in
                    archive.file("a", [1])
                    archive.link("l", to: "a", isHard: true)
                },
                { $0.special("pipe", 0o010000) },
                { archive in
                    archive.file("a", [1])
                    archive.file("a", [2])
                },
            ]
            for (n, build) in builders.enumerated() {
                let path = "\(folder)/bad\(n).tar.gz"
                try RawArchive.write(path, build)
                #expect { try Self.readAll(path) } throws: { error in
                    if case .refused? = error as? ArchiveError { true } else { false }
                }
            }
        }
    }

    @Test func bombsAreRefused() throws {
        try withFolder { folder in
            let path = folder + "/bomb.tar.gz"
            try RawArchive.write(path) { $0.file("zeros", [UInt8](repeating: 0, count: 64 << 20)) }
            let size = try #require(
                try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
            #expect(size < 200_000)
            #expect { try Self.readAll(path) } throws: { error in
                if case .refused(path, "zeros", _)? = error as? ArchiveError { true } else { false }
            }
            // Nobody has to read the bytes for that.
            #expect(throws: ArchiveError.self) {
                let reader = try ArchiveReader(path)
                while try reader.next() != nil {}
            }
            var limits = ArchiveLimits()
            limits.entries = 3
            let many = folder + "/many.tar.gz"
            try RawArchive.write(many) { archive in for n in 0..<5 { archive.file("f\(n)", [1]) } }
            #expect(throws: ArchiveError.self) { try Self.readAll(many, limits) }
        }
    }

    @Test func damageIsFound() throws {
        try withFolder { folder in
            let path = folder + "/a.tar.gz"
            var noise = SystemRandomNumberGenerator()
            try RawArchive.write(path) {
                $0.file("noise", (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &noise) })
            }
            let whole = try Data(contentsOf: URL(filePath: path))
            for length in [0, 1, 20, whole.count / 2, whole.count - 9] {
                try whole.prefix(length).write(to: URL(filePath: path))
                #expect(throws: ArchiveError.self, "cut to \(length) of \(whole.count)") { try Self.readAll(path) }
            }
            try Data("this is no archive, whatever its name says".utf8).write(to: URL(filePath: path))
            #expect(throws: ArchiveError.self) { try Self.readAll(path) }
            #expect(throws: ArchiveError.unreadable(folder + "/none", "there is no such file or folder")) {
                try Self.readAll(folder + "/none")
            }
            #expect(throws: ArchiveError.unreadable(folder, "it is no file")) { try Self.readAll(folder) }
        }
    }

    private static func readAll(_ path: String, _ limits: ArchiveLimits = ArchiveLimits()) throws {
        let reader = try ArchiveReader(path, limits: limits)
        while try reader.next() != nil { try reader.read { _ in } }
    }
}

func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "archive-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
}

/// Writes archives that no honest program writes.
struct RawArchive {
    private let handle: OpaquePointer

    static func write(_ path: String, _ build: (RawArchive) -> Void) throws {
        let handle = try #require(archive_write_new())
        archive_write_set_format_pax(handle)
        archive_write_add_filter_gzip(handle)
        try #require(archive_write_open_filename(handle, path) == ARCHIVE_OK)
        build(RawArchive(handle: handle))
        archive_write_close(handle)
        archive_write_free(handle)
    }

    func file(_ name: String, _ bytes: [UInt8]) {
        entry(name, carchive_regular, size: bytes.count) { _ in }
        bytes.withUnsafeBytes { _ = archive_write_data(handle, $0.baseAddress, $0.count) }
    }

    func link(_ name: String, to target: String, isHard: Bool) {
        entry(name, isHard ? carchive_regular : carchive_link, size: 0) { record in
            if isHard { archive_entry_set_hardlink(record, target) } else { archive_entry_set_symlink(record, target) }
        }
    }

    func special(_ name: String, _ kind: UInt32) { entry(name, kind, size: 0) { _ in } }

    private func entry(_ name: String, _ kind: UInt32, size: Int, _ more: (OpaquePointer) -> Void) {
        guard let record = archive_entry_new() else { return }
        defer { archive_entry_free(record) }
        archive_entry_set_pathname(record, name)
        archive_entry_set_filetype(record, kind)
        archive_entry_set_size(record, Int64(size))
        archive_entry_set_perm(record, 0o644)
        more(record)
        archive_write_header(handle, record)
    }
}
