import PhiModel

/// Where things are in the waveform scene, in pixels.
struct WaveformLayout {
    /// The plot, between the labels and the amplitude bars.
    let left: Double
    let right: Double
    let top: Double
    let bottom: Double
    let laneHeight: Double

    init(width: Double, height: Double) {
        let unit = min(width, height) / 720
        left = 118 * unit
        right = width - 118 * unit
        top = 30 * unit
        bottom = height - 30 * unit
        laneHeight = (bottom - top) / Double(EngineState.channelCount)
    }

    /// The middle of lane `k`.
    func laneY(_ k: Int) -> Double { top + laneHeight * (Double(k) + 0.5) }

    /// How far a sample of 1 is from the middle of its lane.
    var laneReach: Double { laneHeight * 0.42 }

    /// The x of a position in [0, 1] across the plot.
    func x(_ position: Double) -> Double { left + (right - left) * position }

    /// The y of an envelope value in [1 − φ, 1 + φ]; 1 is in the middle.
    func envelopeY(_ value: Double) -> Double {
        (top + bottom) / 2 - (value - 1) / GoldenRatio.phi * (bottom - top) / 2 * 0.94
    }
}
