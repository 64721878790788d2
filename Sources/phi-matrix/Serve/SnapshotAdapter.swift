import FrameCodec
import FrameServer
import Handoff
import NIOCore

/// Lets the server take pictures.
struct SnapshotAdapter: SnapshotPort {
    let desk: SnapshotDesk

    func snapshot(_ format: SnapshotFormat) async throws -> Snapshot {
        let still = try await desk.take(format == .png ? .png : .jpeg)
        return Snapshot(bytes: ByteBuffer(bytes: still.bytes), frameNumber: still.info.sequence)
    }
}
