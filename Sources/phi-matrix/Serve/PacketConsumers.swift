import Foundation
import FrameCodec
import Logging
import SessionStore
import Telemetry

/// What takes encoded frames beside the viewers: the recorder and the live outputs, all from the same encoders.
struct PacketConsumers {
    let taps: PacketTaps
    let recorder: Recorder
    let outputs: LiveOutputs

    /// - Parameters:
    ///   - next: Who distributes frames to viewers.
    ///   - feed: What is recorded beside the pictures.
    ///   - isRecording: Whether a session begins with the program.
    /// - Throws: `CommandError` where there are targets, and no video for them.
    init(
        next: any FrameSink, catalog: StreamCatalog, targets: [OutputTarget], feed: SessionFeed, isRecording: Bool,
        data: DataDirectory, statistics: FrameStatistics, logger: Logger,
        subject: @escaping @Sendable () -> SessionSubject
    ) throws {
        let taps = PacketTaps(next: next)
        self.taps = taps
        recorder = Recorder(
            folder: SessionFolder(path: data.sessions.path), taps: taps,
            // MP4 takes both; more programs play the first.
            streams: [VideoCodec.h264, .vp9].compactMap { codec in
                catalog.fullVideo(codec).map { RecordedStream($0, codec) }
            },
            feed: feed, startsAtOnce: isRecording, subject: subject,
            dropped: { statistics.recordDropped(reason: "recorder_behind", count: $0) }, logger: logger)
        guard let stream = catalog.fullVideo(.h264) else {
            guard targets.isEmpty else {
                throw CommandError(.usage, "The picture is too small for an output; give --size from 16x16.")
            }
            outputs = LiveOutputs([])
            return
        }
        var names: [String: Int] = [:]
        outputs = LiveOutputs(
            targets.map { target in
                // Two keys at one address look the same without the keys.
                let count = names[target.name, default: 0] + 1
                names[target.name] = count
                return LiveOutput(
                    target, name: count == 1 ? nil : "\(target.name) (\(count))", taps: taps, stream: stream,
                    dropped: { statistics.recordDropped(reason: "output_behind", count: $0) }, logger: logger)
            })
    }
}
