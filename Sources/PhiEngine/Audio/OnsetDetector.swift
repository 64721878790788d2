import CFFmpeg
import Glibc

/// Hears where something new sounds: by how much the spectrum rises against the one two hops before, each bin against the
/// loudest of its neighbours there, so that vibrato and noise count for little (SuperFlux; Böck and Widmer, DAFx 2013).
final class OnsetDetector {
    static let windowLength = 1024
    /// Onsets are farther apart than this, s.
    private static let closest = 0.06
    /// Bins above this are left out, Hz.
    private static let highest = 10_000.0
    /// By how much an onset exceeds what is usual at present: in mean deviations, and at least.
    private static let deviations = 3.0, least = 0.05
    /// Seconds in which the mean goes 63 % of the way.
    private static let memory = 0.5

    /// How new the newest sound is, ≥ 0.
    private(set) var novelty = 0.0
    /// Above what is usual, ≥ 0: what tempo is taken from.
    private(set) var excess = 0.0
    /// Whether the hop before the newest was an onset.
    private(set) var isOnset = false

    private let transform: WindowedTransform
    private let bins: Int
    private let interval: Double
    /// The spectra of the last two hops, dB-like, oldest first.
    private var before: UnsafeMutablePointer<Float>
    private var last: UnsafeMutablePointer<Float>
    private var now: UnsafeMutablePointer<Float>
    private var mean = 0.0
    private var deviation = 0.0
    /// The novelty of the last two hops, the newer last, and what an onset had to exceed then.
    private var earlier = (0.0, 0.0)
    private var threshold = 0.0
    private var sinceOnset = Double.infinity

    /// - Parameter hop: Samples from one update to the next.
    init(sampleRate: Int, hop: Int) throws {
        transform = try WindowedTransform(length: Self.windowLength)
        interval = Double(hop) / Double(sampleRate)
        bins = min(Int(Self.highest * Double(Self.windowLength) / Double(sampleRate)), transform.binCount - 2)
        func spectrum(_ count: Int) -> UnsafeMutablePointer<Float> {
            let memory = UnsafeMutablePointer<Float>.allocate(capacity: count)
            memory.initialize(repeating: 0, count: count)
            return memory
        }
        before = spectrum(bins + 2)
        last = spectrum(bins + 2)
        now = spectrum(bins + 2)
    }

    deinit {
        before.deallocate()
        last.deallocate()
        now.deallocate()
    }

    /// Takes the newest 1024 samples at `samples`.
    func update(_ samples: UnsafePointer<Float>) {
        transform.transform(samples)
        // A full-scale sine gives a quarter of the window's length.
        let unit = 4 / Float(Self.windowLength)
        var rise: Float = 0
        for n in 1...bins {
            let bin = transform.bins[n]
            let magnitude = (bin.re * bin.re + bin.im * bin.im).squareRoot() * unit
            now[n] = log10f(1 + 1_000 * magnitude)
            rise += max(0, now[n] - max(before[n - 1], before[n], before[n + 1]))
        }
        (before, last, now) = (last, now, before)
        novelty = Double(rise) / Double(bins)
        decide()
    }

    private func decide() {
        let usual = mean + max(Self.deviations * deviation, Self.least)
        sinceOnset += interval
        // The hop before was the highest of three.
        isOnset =
            earlier.1 > threshold && earlier.1 > earlier.0 && earlier.1 >= novelty && sinceOnset >= Self.closest
        if isOnset { sinceOnset = 0 }
        excess = max(0, novelty - mean)
        threshold = usual
        earlier = (earlier.1, novelty)
        let step = 1 - exp(-interval / Self.memory)
        // Onsets themselves are not what is usual.
        let plain = min(novelty, usual)
        mean += step * (plain - mean)
        deviation += step * (abs(plain - mean) - deviation)
    }
}
