import PhiModel

/// The eight bands that sound is divided into, one a channel, each a factor φ wide: their edges are the Fibonacci numbers
/// from 55 to 2584, in Hz.
///
/// The lowest band reaches down to 20 Hz, so that bass drums and sub-bass are heard. The highest ends where it does: what
/// lies above has no hue of its own (domain §2 ends at 2000 Hz), and is told by the spectral centroid.
enum FibonacciBands {
    static let edges: InlineArray<9, Double> = [55, 89, 144, 233, 377, 610, 987, 1597, 2584]
    static let lowestFrequency = 20.0

    /// The frequencies that belong to band `k`, Hz.
    static func range(_ k: Int) -> Range<Double> { (k == 0 ? lowestFrequency : edges[k])..<edges[k + 1] }

    /// The geometric middle of the band's two Fibonacci numbers, Hz: where a channel rests before anything was heard.
    static func center(_ k: Int) -> Double { (edges[k] * edges[k + 1]).squareRoot() }

    /// The band that `frequency` belongs to, or nil outside all of them.
    static func index(of frequency: Double) -> Int? {
        guard frequency >= lowestFrequency else { return nil }
        for k in 0..<EngineState.channelCount where frequency < edges[k + 1] { return k }
        return nil
    }

    /// Music falls by some 3 dB an octave; levels are raised by as much, so that the bands come out alike. 1 at 377 Hz.
    static func preEmphasis(_ k: Int) -> Double { (center(k) / edges[4]).squareRoot() }
}
