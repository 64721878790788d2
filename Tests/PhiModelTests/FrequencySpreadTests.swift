import Foundation
import Testing

@testable import PhiModel

@Suite("Spread of frequencies")
struct FrequencySpreadTests {
    private let standard = InlineArray<8, ChannelState> { ChannelState.standard($0) }

    @Test("1 leaves the frequencies bit for bit, 0 makes them alike, 0.5 halves every interval")
    func intervals() {
        let given = ChannelState.frequencies(of: standard, spread: 1)
        let alike = ChannelState.frequencies(of: standard, spread: 0)
        let half = ChannelState.frequencies(of: standard, spread: 0.5)
        for k in 0..<8 {
            #expect(given[k].bitPattern == standard[k].frequency.bitPattern)
            #expect(abs(alike[k] - 0.5 * pow(GoldenRatio.phi, 3.5)) < 1e-12)
            if k > 0 { #expect(abs(half[k] / half[k - 1] - GoldenRatio.phi.squareRoot()) < 1e-12) }
        }
    }

    @Test("no spread leaves the range that a frequency may have")
    func range() {
        var far = standard
        far[0].frequency = 0.001
        far[7].frequency = 96_000
        far[3].frequency = 0
        let wide = ChannelState.frequencies(of: far, spread: 2)
        for k in 0..<8 { #expect(ChannelState.frequencyRange.contains(wide[k]), "\(wide[k])") }
    }
}
