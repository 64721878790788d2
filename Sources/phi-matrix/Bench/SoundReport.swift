import Foundation

/// What the analysis of sound costs.
struct SoundReport: Codable, Sendable {
    static let currentSchema = "phi-matrix-bench-sound/1"

    let schema: String
    /// How much sound was analysed, s.
    let seconds: Double
    let blocks: Int
    let samplesPerBlock: Int
    /// Of one core, while the sound plays: 0.03 is 3 %.
    let shareOfCore: Double
    let blockMeanMs: Double
    let blockP50Ms: Double
    let blockP99Ms: Double
    let blockMaxMs: Double

    /// - Parameters:
    ///   - blocks: The processor's time for each, ns.
    ///   - interval: Seconds of sound a block.
    init(blocks: [UInt64], samples: Int, interval: Double) {
        let sorted = blocks.sorted(), total = Double(blocks.reduce(0, +))
        func quantile(_ share: Double) -> Double {
            sorted.isEmpty ? 0 : Double(sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]) * 1e-6
        }
        schema = Self.currentSchema
        seconds = Double(blocks.count) * interval
        self.blocks = blocks.count
        samplesPerBlock = samples
        shareOfCore = blocks.isEmpty ? 0 : total * 1e-9 / seconds
        blockMeanMs = blocks.isEmpty ? 0 : total * 1e-6 / Double(blocks.count)
        blockP50Ms = quantile(0.5)
        blockP99Ms = quantile(0.99)
        blockMaxMs = quantile(1)
    }

    var text: String {
        String(
            format: """
                %.0f s of sound in %d blocks of %d samples, decoded and analysed
                share of a core  %.2f %%
                a block          mean %.3f ms, p50 %.3f ms, p99 %.3f ms, longest %.3f ms
                """, seconds, blocks, samplesPerBlock, shareOfCore * 100, blockMeanMs, blockP50Ms, blockP99Ms,
            blockMaxMs)
    }

    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return try encoder.encode(self)
    }
}
