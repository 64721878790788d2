import PhiModel

/// Where things are in the waveform scene, pixels. Mirrors WaveformLayout.
struct WaveformReference {
    /// The plot.
    let left: Double
    let right: Double
    let top: Double
    let bottom: Double
    /// The bars of amplitude, to the right of the plot.
    let barLeft: Double
    let barRight: Double
    let barHeight: Double
    private let state: EngineState

    init(_ subject: Subject) {
        let unit = subject.unit
        left = 118 * unit
        right = subject.width - 118 * unit
        top = 30 * unit
        bottom = subject.height - 30 * unit
        barLeft = right + 22 * unit
        barRight = subject.width - 26 * unit
        barHeight = max(6 * unit, 2)
        state = subject.state
    }

    func x(_ position: Double) -> Double { left + (right - left) * position }
    func position(_ x: Double) -> Double { (x - left) / (right - left) }

    func laneY(_ k: Int) -> Double { top + (bottom - top) / 8 * (Double(k) + 0.5) }

    /// The height of the waveform of a channel, between its samples by a straight line: 0.42 of a lane for a sample of 1.
    /// - Parameter position: [0, 1].
    func waveY(_ k: Int, _ position: Double) -> Double {
        let place = position.clamped(to: 0...1) * Double(Waveforms.length - 1)
        let n = min(Int(place), Waveforms.length - 2)
        let a = Double(state.waveforms[k, n]), b = Double(state.waveforms[k, n + 1])
        return laneY(k) - a.interpolated(to: b, place - Double(n)) * 0.42 * (bottom - top) / 8
    }

    /// The height of the envelope: 1 in the middle, 1 ± φ at 0.94 of the way to the edges.
    func envelopeY(_ position: Double) -> Double {
        let value = BreathingReference.envelope(state.phi, at: position)
        return (top + bottom) / 2 - (value - 1) / 1.618033988749895 * 0.94 * (bottom - top) / 2
    }
}
