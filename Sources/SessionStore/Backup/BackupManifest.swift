import FoundationEssentials

/// What is in a backup. It is the last entry of the archive, `server/manifest.json`: an archive without it was cut off.
public struct BackupManifest: Codable, Sendable, Equatable {
    public struct File: Codable, Sendable, Equatable {
        /// In the archive.
        public let name: String
        /// Bytes.
        public let size: Int
        /// SHA-256 in hexadecimal.
        public let sha256: String
    }

    public static let format = "phi-matrix-backup"
    static let entry = "server/manifest.json"
    /// Folders of a data directory that are backed up, in the order of the runbook.
    public static let parts = ["config", "presets", "sessions"]
    static let prefix = "server/"

    public let format: String
    public let formatVersion: Int
    /// ISO 8601, UTC.
    public let created: String
    /// Of the program that made it.
    public let version: String
    public let files: [File]

    public init(created: String, version: String, files: [File]) {
        format = Self.format
        formatVersion = 1
        self.created = created
        self.version = version
        self.files = files
    }

    func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return Array(try encoder.encode(self)) + [0x0A]
    }

    /// Nil where it is none that this version can read.
    init?(json: [UInt8]) {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let found = try? decoder.decode(Self.self, from: Data(json)), found.format == Self.format,
            found.formatVersion == 1
        else { return nil }
        self = found
    }
}
