import Handoff

/// What frames cost lately, for the HUD: means, shown for long enough to be read.
struct LoopFigures {
    /// How fast the means follow, a share a frame.
    private static let smoothing = 0.08
    /// How long a figure stands, s.
    private static let standing = 0.25

    private var stages = HUDFigures.Stages()
    private var interval: Double?
    private var lastFinish: Double?
    private var standingSince: Double?
    private var figures: HUDFigures

    /// - Parameters:
    ///   - engine: The engine's name.
    ///   - fps: Frames a second that are aimed for.
    init(engine: String, fps: Int) { figures = HUDFigures(engine: engine, budget: 1_000 / Double(max(fps, 1))) }

    /// Takes a finished frame.
    /// - Parameters:
    ///   - recording: Writing and recording it, µs; a part of the frame's render time.
    ///   - time: When it was finished, s of a steady clock.
    mutating func record(_ info: FrameInfo, recording: UInt32, at time: Double) {
        func follow(_ mean: inout Double, _ microseconds: UInt32) {
            mean += Self.smoothing * (Double(microseconds) * 1e-3 - mean)
        }
        follow(&stages.record, recording)
        follow(&stages.render, info.renderMicroseconds - min(recording, info.renderMicroseconds))
        follow(&stages.readback, info.readbackMicroseconds)
        if let lastFinish, time > lastFinish {
            let passed = min(time - lastFinish, 1)
            interval = interval.map { $0 + Self.smoothing * (passed - $0) } ?? passed
        }
        lastFinish = time
    }

    /// The figures to show at `time`, s of the same clock.
    mutating func shown(at time: Double, quality: QualityLevel, isAutomatic: Bool) -> HUDFigures {
        figures.quality = quality.level
        figures.isQualityAutomatic = isAutomatic
        if standingSince.map({ time - $0 >= Self.standing }) ?? true {
            standingSince = time
            figures.stages = stages
            figures.fps = interval.map { $0 > 0 ? 1 / $0 : 0 }
        }
        return figures
    }
}
