import CFFmpeg
import Glibc
import PhiModel

/// What is heard in one band.
struct BandReading: BitwiseCopyable {
    /// The amplitude of a sine as strong as the whole band, before pre-emphasis; 1 is full scale.
    var level = 0.0
    /// The band's dominant frequency, smoothed, Hz.
    var frequency = 0.0
    /// The dominant frequency as measured in the last hop, Hz; the smoothed one where the band is too soft to tell.
    var instantaneous = 0.0
}

/// Measures level and frequency of the eight bands, by a transform of 4096 samples: 512 at 48 kHz could not tell apart
/// what lies less than 94 Hz from its neighbour.
///
/// The turn of a bin's phase from one hop to the next is the frequency of what sounds in it. Every bin is counted where
/// that frequency lies, and not where the bin does (time-frequency reassignment), so that a tone next to an edge is in
/// one band only, and is known far better than to the 11.7 Hz of a bin.
final class BandAnalyzer {
    static let windowLength = 4096

    private(set) var bands: InlineArray<8, BandReading>

    private let transform: WindowedTransform
    private let sampleRate: Double
    private let hop: Int
    private let previous: UnsafeMutablePointer<AVComplexFloat>
    private let usedBins: Int
    /// e^{−i2π·hop·k/length} for k = 0 ..< `turns.count`, after which it repeats: what a bin's own frequency turns in a hop.
    private let turns: [AVComplexFloat]

    /// The main lobe of the window is two bins to either side; what lies farther off is a side lobe.
    private static let lobeBins = 2.0
    /// Bins softer than a sine of this amplitude are left out.
    private static let softest: Float = 1e-5
    /// A band less than this below the loudest keeps its last frequency.
    private static let tellingLevel = 0.003
    /// The frequency that was heard last is dropped only for one so much stronger, so that equal tones do not flicker.
    private static let loyalty: Float = 1.6
    private static let loyaltyReach = 12.0
    /// Seconds in which the smoothed frequency goes 63 % of the way.
    private static let frequencySmoothing = 0.05

    /// - Parameter hop: Samples from one analysis to the next; divides 4096.
    init(sampleRate: Int, hop: Int) throws {
        transform = try WindowedTransform(length: Self.windowLength)
        self.sampleRate = Double(sampleRate)
        self.hop = hop
        let binWidth = self.sampleRate / Double(Self.windowLength)
        usedBins = Int(FibonacciBands.edges[8] / binWidth + Self.lobeBins) + 2
        previous = .allocate(capacity: usedBins)
        previous.initialize(repeating: AVComplexFloat(), count: usedBins)
        let cycle = Self.windowLength / hop
        turns = (0..<cycle).map { k in
            let angle = -2 * Double.pi * Double(k) / Double(cycle)
            return AVComplexFloat(re: Float(cos(angle)), im: Float(sin(angle)))
        }
        bands = InlineArray { k in
            BandReading(level: 0, frequency: FibonacciBands.center(k), instantaneous: FibonacciBands.center(k))
        }
    }

    deinit { previous.deallocate() }

    /// Analyses the newest 4096 samples at `samples`, `hop` samples after those of the last call.
    func analyze(_ samples: UnsafePointer<Float>) {
        transform.transform(samples)
        let binWidth = sampleRate / Double(Self.windowLength)
        let radiansToBins = Double(Self.windowLength / hop) / Angle.turn
        // A sine of amplitude a gives a² · N² · 3/32 over its main lobe.
        let length = Float(Self.windowLength)
        let unit: Float = 32 / (3 * length * length)

        var energy = InlineArray<8, Float>(repeating: 0)
        var best = InlineArray<8, Float>(repeating: 0)
        var dominant = InlineArray<8, Double>(repeating: 0)
        for n in 1..<usedBins {
            let now = transform.bins[n]
            let before = previous[n]
            previous[n] = now
            let power = (now.re * now.re + now.im * now.im) * unit
            guard power > Self.softest * Self.softest else { continue }
            let turn = turns[n % turns.count]
            let (re, im) = (now.re * before.re + now.im * before.im, now.im * before.re - now.re * before.im)
            let deviation =
                Double(atan2f(re * turn.im + im * turn.re, re * turn.re - im * turn.im)) * radiansToBins
            guard abs(deviation) <= Self.lobeBins else { continue }
            let frequency = (Double(n) + deviation) * binWidth
            guard let k = FibonacciBands.index(of: frequency) else { continue }
            energy[k] += power
            let weight = abs(frequency - bands[k].frequency) < Self.loyaltyReach ? Self.loyalty * power : power
            if weight > best[k] {
                best[k] = weight
                dominant[k] = frequency
            }
        }
        settle(energy, dominant)
    }

    private func settle(_ energy: InlineArray<8, Float>, _ dominant: InlineArray<8, Double>) {
        var loudest = 0.0
        for k in bands.indices {
            bands[k].level = Double(energy[k]).squareRoot()
            loudest = max(loudest, bands[k].level)
        }
        let step = 1 - exp(-Double(hop) / sampleRate / Self.frequencySmoothing)
        for k in bands.indices {
            if bands[k].level > 0 && bands[k].level >= Self.tellingLevel * loudest {
                bands[k].instantaneous = dominant[k]
                bands[k].frequency += step * (dominant[k] - bands[k].frequency)
            } else {
                bands[k].instantaneous = bands[k].frequency
            }
        }
    }
}
