import TarArchive

/// Reads a backup to its end and compares it with its manifest.
public struct BackupReading: Sendable {
    let path: String
    let limits: ArchiveLimits

    public init(_ path: String, limits: ArchiveLimits = ArchiveLimits()) {
        self.path = path
        self.limits = limits
    }

    /// - Returns: What is in it.
    /// - Throws: `ArchiveError`, `BackupError` where anything is not as it was when it was made.
    public func verify() throws -> BackupManifest { try run { _ in { _ in } } }

    /// - Parameter take: Called for each entry but the manifest; what it returns is given the bytes.
    func run(_ take: (ArchiveEntry) throws -> (UnsafeRawBufferPointer) throws -> Void) throws -> BackupManifest {
        let reader = try ArchiveReader(path, limits: limits)
        var found: [String: BackupManifest.File] = [:]
        var manifest: BackupManifest?
        while let entry = try reader.next() {
            guard manifest == nil else { throw BackupError.invalid(path, "something follows its manifest") }
            if entry.name == BackupManifest.entry {
                manifest = try readManifest(entry, reader)
                continue
            }
            try check(entry)
            let consume = try take(entry)
            guard !entry.isFolder else { continue }
            found[entry.name] = BackupManifest.File(
                name: entry.name, size: entry.size, sha256: try reader.digest(consume))
        }
        guard let manifest else {
            throw BackupError.invalid(
                path, "it has no server/manifest.json; it was cut off, or another program made it")
        }
        try compare(manifest, found)
        return manifest
    }

    private func readManifest(_ entry: ArchiveEntry, _ reader: ArchiveReader) throws -> BackupManifest {
        guard entry.size <= 1 << 28 else { throw BackupError.invalid(path, "its manifest is too long") }
        var bytes: [UInt8] = []
        try reader.read { bytes.append(contentsOf: $0) }
        guard let manifest = BackupManifest(json: bytes) else {
            throw BackupError.invalid(path, "its manifest cannot be read, or is of a later version")
        }
        return manifest
    }

    private func check(_ entry: ArchiveEntry) throws {
        let parts = entry.name.split(separator: "/")
        let isFolderOnly = entry.isFolder && entry.name + "/" == BackupManifest.prefix
        guard
            isFolderOnly
                || (parts.count >= 2 && parts[0] == "server" && BackupManifest.parts.contains(String(parts[1])))
        else { throw BackupError.invalid(path, "'\(entry.name)' is no part of a backup") }
        guard parts.count != 2 || entry.isFolder else {
            throw BackupError.invalid(path, "'\(entry.name)' is no folder")
        }
    }

    private func compare(_ manifest: BackupManifest, _ found: [String: BackupManifest.File]) throws {
        var rest = found
        for file in manifest.files {
            guard let here = rest.removeValue(forKey: file.name) else {
                throw BackupError.invalid(path, "'\(file.name)' is missing")
            }
            guard here == file else {
                throw BackupError.invalid(path, "'\(file.name)' is not as it was when the backup was made")
            }
        }
        if let other = rest.keys.min() { throw BackupError.invalid(path, "'\(other)' is not in its manifest") }
    }
}
