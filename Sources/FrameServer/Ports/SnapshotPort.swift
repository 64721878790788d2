import NIOCore

/// Takes single pictures of the running renderer. The command line connects it.
public protocol SnapshotPort: Sendable {
    /// The next frame as a PNG or a JPEG. Throws where no frame comes within two seconds.
    func snapshot(_ format: SnapshotFormat) async throws -> Snapshot

    /// The next frame with everything that it was drawn from, as a JSON document: whoever has it can draw the frame again
    /// and compare. Throws where no frame comes within two seconds.
    func evidence() async throws -> ByteBuffer
}

/// What a picture is encoded as.
public enum SnapshotFormat: Sendable {
    /// Without loss.
    case png
    /// Smaller, with loss.
    case jpeg
}

/// One picture of the running renderer.
public struct Snapshot: Sendable {
    /// The encoded picture.
    public var bytes: ByteBuffer
    /// The number of the frame that it shows.
    public var frameNumber: UInt32

    /// A picture that has been encoded.
    public init(bytes: ByteBuffer, frameNumber: UInt32) {
        self.bytes = bytes
        self.frameNumber = frameNumber
    }
}
