import FrameCodec
import Handoff
import PhiModel
import PhiRenderer

/// Times frames of one scene, in several turns.
final class SceneTimer {
    let name: String
    private let content: FrameContent
    private var frame: [Double] = []
    private var record: [Double] = []
    private var render: [Double] = []
    private var readback: [Double] = []
    private var encode: [Double] = []
    private var elapsed = 0.0
    /// Frames a second of each turn.
    private(set) var turns: [Double] = []

    init(name: String, _ content: FrameContent) {
        self.name = name
        self.content = content
    }

    var fps: Double { elapsed > 0 ? Double(frame.count) / elapsed : 0 }

    /// Draws frames as fast as possible for `seconds`; states are used in turn.
    func run(_ renderer: FrameRenderer, _ states: [EngineState], encoder: JPEGEncoder, seconds: Double) throws {
        let start = MonotonicClock.nanoseconds
        let framesBefore = frame.count
        var now = start
        var encoding: UInt64 = 0
        var last = start
        var count = 0
        while Double(now - start - encoding) < seconds * 1e9 || renderer.pending > 0 {
            if Double(now - start - encoding) < seconds * 1e9 {
                var info = FrameInfo()
                info.presentationTime = MonotonicClock.microseconds
                let before = MonotonicClock.nanoseconds
                try renderer.submit(
                    states[count % states.count], content, info: info, lease: renderer.pool.acquire())
                record.append(Double(MonotonicClock.nanoseconds - before) * 1e-6)
                count += 1
                if renderer.pending < renderer.framesInFlight { continue }
            }
            let lease = try renderer.finish()
            now = MonotonicClock.nanoseconds
            frame.append(Double(now - last) * 1e-6)
            render.append(Double(renderer.lastInfo.renderMicroseconds) * 1e-3)
            readback.append(Double(renderer.lastInfo.readbackMicroseconds) * 1e-3)
            if frame.count % 16 == 1, let lease {
                _ = try encoder.encode(lease.pixels) { $0.count }
                let after = MonotonicClock.nanoseconds
                encode.append(Double(after - now) * 1e-6)
                encoding += after - now
                now = after
            }
            last = now
        }
        let seconds = Double(now - start - encoding) * 1e-9
        elapsed += seconds
        turns.append(Double(frame.count - framesBefore) / seconds)
    }

    /// - Parameter flat: What this scene took turns with. The ratio is the median of the turns, so that a moment in which the
    ///   machine did something else does not count.
    func result(relativeTo flat: SceneTimer) -> BenchReport.SceneResult {
        let ratios = zip(turns, flat.turns).map { $0 / $1 }.sorted()
        return BenchReport.SceneResult(
            scene: name, frames: frame.count, fps: fps, ofFlatFill: ratios.isEmpty ? 0 : ratios[ratios.count / 2],
            frameMs: .init(frame), recordMs: .init(record), renderMs: .init(render), readbackMs: .init(readback),
            encodeMs: .init(encode))
    }
}
