/// A file or folder in an archive.
public struct ArchiveEntry: Sendable, Equatable {
    /// A path relative to the archive, of names with slashes between.
    public var name: String
    public var isFolder: Bool
    /// Bytes; 0 for a folder.
    public var size: Int
    /// Permission bits, such as 0o644.
    public var mode: UInt32
    public var user: Int
    public var group: Int
    /// Unix time of the last change, s.
    public var modified: Int

    public init(
        name: String, isFolder: Bool = false, size: Int, mode: UInt32, user: Int = 0, group: Int = 0, modified: Int
    ) {
        self.name = name
        self.isFolder = isFolder
        self.size = size
        self.mode = mode
        self.user = user
        self.group = group
        self.modified = modified
    }
}
