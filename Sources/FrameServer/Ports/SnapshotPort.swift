import NIOCore

/// Takes single pictures of the running renderer. The command line connects it.
public protocol SnapshotPort: Sendable {
    /// The next frame as a PNG or a JPEG. Throws where no frame comes within two seconds.
    func snapshot(_ format: SnapshotFormat) async throws -> Snapshot
}

public enum SnapshotFormat: Sendable {
    case png, jpeg
}

public struct Snapshot: Sendable {
    /// The encoded picture.
    public var bytes: ByteBuffer
    /// The number of the frame that it shows.
    public var frameNumber: UInt32

    public init(bytes: ByteBuffer, frameNumber: UInt32) {
        self.bytes = bytes
        self.frameNumber = frameNumber
    }
}
