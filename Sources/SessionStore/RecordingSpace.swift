import Glibc

/// How much a recording takes, and for how long the disk will do.
public struct RecordingSpace: Sendable, Equatable {
    /// Bytes that the session has on the disk.
    public var bytes: Int
    /// Bytes a second, over the whole session.
    public var bytesPerSecond: Double
    /// Bytes that the disk has left; nil where it does not say.
    public var bytesLeft: Int?

    /// For how long the disk will do at this rate, hours; nil where it cannot be told yet.
    public var hoursLeft: Double? {
        guard let bytesLeft, bytesPerSecond > 0 else { return nil }
        return Double(bytesLeft) / bytesPerSecond / 3_600
    }

    /// What is kept free, so that the files can still be made whole, bytes.
    static let reserve = 8 << 20

    /// Bytes that a program without privileges can still write where `path` is; nil where the system does not say.
    static func left(at path: String) -> Int? {
        var information = statvfs()
        guard statvfs(path, &information) == 0 else { return nil }
        return Int(clamping: UInt64(information.f_bavail) * UInt64(information.f_frsize))
    }
}
