import PhiModel
import Testing

@Suite("Metrics of the Φ-matrix, domain §3")
struct SynchronyTests {
    private func channels(_ values: [(amplitude: Double, phase: Double)]) -> InlineArray<8, ChannelState> {
        InlineArray { k in
            k < values.count
                ? ChannelState(frequency: 1, amplitude: values[k].amplitude, phase: values[k].phase)
                : ChannelState(frequency: 1, amplitude: 0, phase: 0)
        }
    }

    @Test("coherence of known phases")
    func coherence() {
        let third = Angle.turn / 3
        #expect(isClose(Synchrony.coherence(channels(Array(repeating: (0.4, 2.0), count: 8))), 1))
        #expect(isClose(Synchrony.coherence(channels([(0.5, 1), (0.5, 1 + .pi)])), 0))
        #expect(isClose(Synchrony.coherence(channels([(1, 0), (1, third), (1, 2 * third)])), 0))
        #expect(isClose(Synchrony.coherence(channels([(1, 0), (1, 0), (1, .pi)])), 1.0 / 3))
        #expect(isClose(Synchrony.coherence(channels([(1, 0), (1, .pi / 2)])), 0.70710678, within: 1e-7))
        // Weighted by amplitude: (3 − 1) / (3 + 1).
        #expect(isClose(Synchrony.coherence(channels([(0.9, 0), (0.3, .pi)])), 0.5))
        #expect(Synchrony.coherence(channels([])) == 0)
    }

    @Test("a muted channel has no weight")
    func muted() {
        var pair = channels([(1, 0), (1, .pi)])
        pair[1].enabled = false
        #expect(isClose(Synchrony.coherence(pair), 1))
        #expect(Synchrony.pairTerms(pair)[0, 1] == 0)
    }

    @Test("pair terms are A_i · A_j / Ā² · cos Δθ, symmetric with a zero diagonal")
    func pairTerms() {
        // Ā = 2/8, so a pair of ones weighs 16; cos 60° = 1/2.
        let terms = Synchrony.pairTerms(channels([(1, 0.3), (1, 0.3 + .pi / 3)]))
        #expect(isClose(terms[0, 1], 8))
        #expect(isClose(terms[1, 0], 8))
        #expect(terms[0, 0] == 0)
        #expect(terms[0, 2] == 0)
        #expect(isClose(Synchrony.rawICI(terms), 16.0 / 56))
        #expect(Synchrony.pairTerms(channels([]))[0, 1] == 0)
    }

    @Test("ICI is 1 in phase, 1/7 in alternate antiphase, and clamped")
    func ici() {
        let inPhase = Synchrony.pairTerms(channels(Array(repeating: (0.3, 1.0), count: 8)))
        #expect(isClose(Synchrony.rawICI(inPhase), 1))
        let alternate = Synchrony.pairTerms(channels((0..<8).map { (0.3, Double($0) * .pi) }))
        #expect(isClose(alternate[0, 1], -1))
        #expect(isClose(Synchrony.rawICI(alternate), 1.0 / 7))
        var strong = CouplingMatrix()
        for i in 0..<8 { for j in 0..<i { strong[i, j] = 9 } }
        #expect(Synchrony.rawICI(strong) == 1)
        #expect(isClose(Synchrony.smooth(0.5, toward: 1), 0.6))
    }

    @Test("criticality of σ = 1 Hz and a row sum of 3.5")
    func criticality() {
        let frequencies: InlineArray<8, Double> = [1, 1, 1, 1, 3, 3, 3, 3]
        #expect(isClose(Synchrony.criticalCoupling(frequencies), 1.595769, within: 1e-6))
        var coupling = CouplingMatrix()
        for i in 0..<8 { for j in 0..<i { coupling[i, j] = i % 2 == 0 ? 0.5 : -0.5 } }
        #expect(isClose(coupling.meanRowSum, 3.5))
        func value(_ c: CouplingMatrix, _ strength: Double, _ f: InlineArray<8, Double>) -> Double {
            Synchrony.criticality(coupling: c, strength: strength, frequencies: f)
        }
        #expect(isClose(value(coupling, 1, frequencies), 2.193300, within: 1e-5))
        #expect(isClose(value(coupling, 0.5, frequencies), 1.096650, within: 1e-5))
        #expect(value(CouplingMatrix(), 1, frequencies) == 0)
        #expect(value(coupling, 1, InlineArray(repeating: 2)) == 1_000)
    }

    @Test("consciousness level")
    func consciousness() {
        func level(_ coherence: Double, _ ici: Double, _ centroid: Double) -> Double {
            Synchrony.consciousnessLevel(coherence: coherence, ici: ici, spectralCentroid: centroid, nyquist: 24_000)
        }
        #expect(isClose(level(0.5, 0.25, 12_000), 0.575))
        #expect(isClose(level(1, 0, 48_000), 1))
        #expect(isClose(level(0, 1, 0), 0))
    }

    @Test(
        "the symmetry ring is perfect at 0.5",
        arguments: [(0.5, 1.0), (0.25, 0.5), (0.75, 0.5), (0, 0), (1, 0), (0.6, 0.8)])
    func symmetry(ici: Double, score: Double) {
        #expect(isClose(Synchrony.symmetryScore(ici: ici), score, within: 1e-12))
    }

    @Test("a link is drawn from |coupling| = 0.3 on, with strength |coupling| · coherence")
    func links() {
        var state = EngineState()
        state.coherence = 0.5
        state.coupling[1, 4] = -0.3
        state.coupling[2, 3] = 0.2999
        state.coupling[0, 7] = 0.8
        let negative = CouplingLink(1, 4, in: state)
        #expect(negative?.coupling == -0.3)
        #expect(isClose(negative?.strength ?? 0, 0.15))
        #expect(isClose(CouplingLink(7, 0, in: state)?.strength ?? 0, 0.4))
        #expect(CouplingLink(2, 3, in: state) == nil)
        #expect(CouplingLink(5, 5, in: state) == nil)
    }

    @Test("the defaults of domain §1")
    func defaults() {
        let state = EngineState()
        let frequencies = [0.5, 0.809017, 1.309017, 2.118034, 3.427051, 5.545085, 8.972136, 14.517221]
        for k in 0..<8 {
            #expect(isClose(state.channels[k].frequency, frequencies[k], within: 1e-5))
            #expect(isClose(state.channels[k].amplitude, 0.6 - 0.05 * Double(k)))
        }
        #expect(state.phi == PhiModulation(mode: .internal, phase: 0, depth: 0.618, frequency: 0.1, breathingRate: 1.5))
        #expect(state.couplingStrength == 1)
        #expect(state.activeChannelCount == 8)
        #expect(state.valid)
    }
}
