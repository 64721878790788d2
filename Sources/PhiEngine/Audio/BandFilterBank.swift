import Glibc
import PhiModel

/// The sound of each band as a wave to look at: eight band-pass filters, each followed by a memory of its newest output.
///
/// A band-pass is two equal second-order sections (the constant-peak form of Bristow-Johnson's cookbook), tuned so that
/// both together fall by 3 dB at the band's edges. A lane keeps every n-th sample only, so that it shows about a dozen
/// cycles of its band, or 22 of the highest, which keeps them all; the band-pass has removed what that would fold back.
final class BandFilterBank {
    private struct Section {
        var b0 = 0.0, a1 = 0.0, a2 = 0.0
        var z1 = 0.0, z2 = 0.0
    }

    private let sections: UnsafeMutablePointer<Section>
    private let lanes: UnsafeMutablePointer<Float>
    private var written = InlineArray<8, Int>(repeating: 0)
    private var skipped = InlineArray<8, Int>(repeating: 0)
    private let decimation: InlineArray<8, Int>

    /// A power of two, and enough for a lane and the cycle that `copyLane` looks back.
    private static let laneCapacity = 1024
    private static let lookBack = 128
    private static let cyclesShown = 12.0
    /// Two equal sections together are narrower than one by √(√2 − 1).
    private static let narrowing = (2.0.squareRoot() - 1).squareRoot()

    init(sampleRate: Int) {
        let rate = Double(sampleRate)
        sections = .allocate(capacity: 2 * EngineState.channelCount)
        lanes = .allocate(capacity: EngineState.channelCount * Self.laneCapacity)
        lanes.initialize(repeating: 0, count: EngineState.channelCount * Self.laneCapacity)
        decimation = InlineArray { k in
            max(1, Int((Self.cyclesShown * rate / (Double(Waveforms.length) * Self.middle(k))).rounded()))
        }
        for k in 0..<EngineState.channelCount {
            let center = Self.middle(k)
            let band = FibonacciBands.range(k)
            let width = band.upperBound - band.lowerBound
            let quality = center / width * Self.narrowing
            let angle = Angle.turn * center / rate
            let alpha = sin(angle) / (2 * quality)
            let section = Section(
                b0: alpha / (1 + alpha), a1: -2 * cos(angle) / (1 + alpha), a2: (1 - alpha) / (1 + alpha))
            (sections + 2 * k).initialize(repeating: section, count: 2)
        }
    }

    deinit {
        sections.deallocate()
        lanes.deallocate()
    }

    /// The geometric middle of the band as it is heard, Hz: the lowest reaches down to 20 Hz.
    private static func middle(_ k: Int) -> Double {
        let band = FibonacciBands.range(k)
        return (band.lowerBound * band.upperBound).squareRoot()
    }

    /// Takes the next samples of the sound.
    func process(_ samples: UnsafeBufferPointer<Float>) {
        for k in 0..<EngineState.channelCount {
            var first = sections[2 * k], second = sections[2 * k + 1]
            let lane = lanes + k * Self.laneCapacity
            let every = decimation[k]
            var position = written[k], skip = skipped[k]
            for n in 0..<samples.count {
                let x = Double(samples[n])
                let y = first.b0 * x + first.z1
                first.z1 = first.z2 - first.a1 * y
                first.z2 = -first.b0 * x - first.a2 * y
                let z = second.b0 * y + second.z1
                second.z1 = second.z2 - second.a1 * z
                second.z2 = -second.b0 * y - second.a2 * z
                skip += 1
                if skip == every {
                    skip = 0
                    lane[position & (Self.laneCapacity - 1)] = Float(z)
                    position += 1
                }
            }
            sections[2 * k] = Self.settled(first)
            sections[2 * k + 1] = Self.settled(second)
            written[k] = position
            skipped[k] = skip
        }
    }

    /// A filter that rings out in silence would end in denormal numbers, which are slow.
    private static func settled(_ section: Section) -> Section {
        guard abs(section.z1) < 1e-30, abs(section.z2) < 1e-30 else { return section }
        var quiet = section
        quiet.z1 = 0
        quiet.z2 = 0
        return quiet
    }

    /// Fills `lane` with the newest samples of band `k` times `gain`, oldest first, limited to ±1. The lane ends at the last
    /// upward zero crossing, at most a cycle or so ago, so that a steady tone stands still.
    func copyLane(_ k: Int, gain: Double, into lane: UnsafeMutableBufferPointer<Float>) {
        let memory = lanes + k * Self.laneCapacity
        let mask = Self.laneCapacity - 1
        // Begins a whole memory on, so that no index is negative.
        let newest = written[k] + Self.laneCapacity
        var end = newest
        for n in 0..<Self.lookBack
        where memory[(newest - n - 1) & mask] >= 0 && memory[(newest - n - 2) & mask] < 0 {
            end = newest - n
            break
        }
        let factor = Float(gain)
        for n in lane.indices {
            lane[n] = Self.limited(memory[(end - lane.count + n) & mask] * factor)
        }
    }

    /// The sample as it is up to 0.7, then ever less of it, so that a loud moment bends where it would be cut off at 1.
    private static func limited(_ sample: Float) -> Float {
        let knee: Float = 0.7
        let excess = (abs(sample) - knee) / (1 - knee)
        guard excess > 0 else { return sample }
        let bent = knee + (1 - knee) * (excess / (1 + excess))
        return sample < 0 ? -bent : bent
    }
}
