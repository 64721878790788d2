import FrameCodec
import Foundation
import Handoff
import Logging
import NIOCore
import PhiModel
import ServiceLifecycle

@testable import SessionStore

/// Publishes what real encoders make of grey pictures, at the times of a clock of its own.
final class Camera {
    let h264 = EncodedStream(id: 1, codec: "avc1.42E01F", type: .video, width: 64, height: 48, framesPerSecond: 30)
    let vp9 = EncodedStream(id: 2, codec: "vp09.00.40.08", type: .video, width: 64, height: 48, framesPerSecond: 30)
    let taps = PacketTaps(next: Nobody())
    let samples = SampleFeed(capacity: 512, filler: StateFigures(TimedState()))
    private var encoder: (any VideoEncoder)?
    private var format: StreamFormat?
    private var index: Int64 = 0
    private var shown = 0
    private var epoch: UInt32 = 0
    private var chain: UInt64 = 0

    /// Takes so many pictures. Another codec or size begins a new epoch.
    func take(_ count: Int, _ codec: VideoCodec = .h264, width: Int = 64, height: Int = 48) throws {
        let stream = codec == .h264 ? h264 : vp9
        for _ in 0..<count {
            if format?.width != width || encoder == nil {
                encoder = try EncoderLadder(codec).open(
                    VideoSettings(width: width, height: height, framesPerSecond: 30, bitsPerSecond: 500_000)
                ).encoder
                index = 0
                epoch += 1
                format = StreamFormat(
                    epoch: epoch, codec: stream.codec, width: width, height: height, framesPerSecond: 30,
                    encoder: encoder?.name ?? "")
            }
            guard let encoder, let format else { return }
            let picture = try PlanarPicture(width: width, height: height)
            let pixels = [UInt8](repeating: UInt8(truncatingIfNeeded: shown * 5), count: width * height * 4)
            pixels.withUnsafeBytes { picture.convert(rgba: $0, bytesPerRow: width * 4) }
            var info = FrameInfo()
            info.sequence = UInt32(shown)
            // Times of a machine that has run for long.
            info.presentationTime = 900_000_000_000 + UInt64(shown) * 1_000_000 / 30
            (info.width, info.height) = (width, height)
            for packet in try encoder.encode(picture, index: index, isKeyWanted: index % 60 == 0) {
                chain += 1
                var message = ByteBuffer(repeating: 0, count: MediaHeader.length)
                message.writeBytes(packet.bytes)
                taps.publish(
                    EncodedFrame(
                        info: info, type: .video, flags: packet.isKey ? .key : [], stream: stream.id, format: format,
                        chain: chain, encodeMicroseconds: 1, message: message))
            }
            index += 1
            shown += 1
        }
    }

    private struct Nobody: FrameSink {
        func publish(_ frame: EncodedFrame) {}
        func failed(_ stream: EncodedStream) {}
    }
}

/// Runs `body` with a recorder in a folder of its own.
func withRecorder(
    in path: String? = nil, _ body: (Recorder, Camera, String) async throws -> Void
) async throws {
    let folder = path ?? FileManager.default.temporaryDirectory.appending(path: "phi-sessions-\(UUID())").path
    if path == nil { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
    defer { if path == nil { try? FileManager.default.removeItem(atPath: folder) } }
    var logger = Logger(label: "test")
    logger.logLevel = Logger.Level.critical
    let camera = Camera()
    let recorder = Recorder(
        folder: SessionFolder(path: folder), taps: camera.taps,
        streams: [RecordedStream(camera.h264, .h264), RecordedStream(camera.vp9, .vp9)],
        feed: SessionFeed(samples: camera.samples) {
            SessionControls(
                engine: "synthetic", scene: "field", preset: nil, phiSource: "engine", couplingStrength: 1,
                channels: [], isPaused: false)
        },
        subject: { SessionSubject(version: "1.2.3", engine: "synthetic", scene: "field", preset: nil) },
        dropped: { _ in }, logger: logger)
    let group = ServiceGroup(configuration: .init(services: [.init(service: recorder)], logger: logger))
    let running = Task { try await group.run() }
    let result: Result<Void, any Error>
    do { result = .success(try await body(recorder, camera, folder)) } catch { result = .failure(error) }
    await group.triggerGracefulShutdown()
    try await running.value
    try result.get()
}

/// Waits until a condition holds; false where it does not within ten seconds.
func eventually(_ condition: () throws -> Bool) async throws -> Bool {
    for _ in 0..<1_000 {
        if try condition() { return true }
        try await Task.sleep(for: .milliseconds(10))
    }
    return false
}
