import FrameCodec
import FrameServer
import Handoff
import NIOCore
import PhiRenderer

/// Lets the server take pictures.
struct SnapshotAdapter: SnapshotPort {
    let desk: SnapshotDesk
    /// Who draws.
    let renderer: any RendererPort

    func snapshot(_ format: SnapshotFormat) async throws -> Snapshot {
        let still = try await desk.take(format == .png ? .png : .jpeg)
        return Snapshot(bytes: ByteBuffer(bytes: still.bytes), frameNumber: still.info.sequence)
    }

    func evidence() async throws -> ByteBuffer {
        let still = try await desk.take(.png)
        guard let drawn = DrawnFrame(attachment: still.attachment) else { throw CodecError.noFrame }
        let drawing = renderer.description
        return ByteBuffer(
            bytes: try FrameEvidence(still, drawn, device: drawing.device, driver: drawing.driver).json())
    }
}
