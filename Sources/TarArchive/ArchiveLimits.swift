/// What is taken of an archive at most, so that a small file cannot fill a disk.
public struct ArchiveLimits: Sendable {
    public var entries = 1_000_000
    /// Bytes of all files.
    public var bytes = 1 << 40
    /// Bytes of all files over bytes of the archive. JSON lines of an engine that stands still come to 60.
    public var ratio = 250.0
    /// Up to so many bytes the ratio is not looked at.
    public var bytesWithoutRatio = 16 << 20
    /// Bytes of a name.
    public var nameLength = 1_024

    public init() {}
}
