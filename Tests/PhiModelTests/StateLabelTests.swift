import PhiModel
import Testing

@Suite("State label, domain §4")
struct StateLabelTests {
    @Test(
        "each label where the domain puts it, the most specific first",
        arguments: [
            (0.95, 0.95, 500.0, StateLabel.hypersync), (0.8, 0.8, 500, .alert), (0.95, 0.8, 500, .alert),
            (0.05, 0.1, 500, .coma), (0.05, 0.1, 5, .coma), (0.5, 0.3, 5, .sleep), (0.2, 0.3, 5, .sleep),
            (0.2, 0.9, 500, .drowsy), (0.05, 0.5, 500, .drowsy), (0.3, 0.4, 500, .awake), (0.7, 0.9, 500, .awake),
        ])
    func matching(ici: Double, coherence: Double, centroid: Double, label: StateLabel) {
        #expect(StateLabel.matching(ici: ici, coherence: coherence, spectralCentroid: centroid) == label)
    }

    @Test("nothing matches between the labels", arguments: [(0.5, 0.2, 500.0), (0.8, 0.5, 500)])
    func unmatched(ici: Double, coherence: Double, centroid: Double) {
        #expect(StateLabel.matching(ici: ici, coherence: coherence, spectralCentroid: centroid) == nil)
    }

    @Test("a label lasts at least half a second")
    func hold() {
        var labeler = StateLabeler()
        #expect(labeler.update(ici: 0.2, coherence: 0.5, spectralCentroid: 100, time: 10) == .drowsy)
        for n in 1...9 {
            let label = labeler.update(ici: 0.6, coherence: 0.5, spectralCentroid: 100, time: 10 + 0.05 * Double(n))
            #expect(label == .drowsy, "after \(n) samples")
        }
        #expect(labeler.update(ici: 0.6, coherence: 0.5, spectralCentroid: 100, time: 10.5) == .awake)
    }

    @Test("inputs are averaged over ten samples")
    func averaging() {
        var labeler = StateLabeler()
        for n in 0..<10 { _ = labeler.update(ici: 0.2, coherence: 0.5, spectralCentroid: 100, time: Double(n)) }
        // The mean passes 0.3 with the fourth of them: (6 · 0.2 + 4 · 0.5) / 10 = 0.32.
        for n in 0..<3 {
            #expect(labeler.update(ici: 0.5, coherence: 0.5, spectralCentroid: 100, time: 10 + Double(n)) == .drowsy)
        }
        #expect(labeler.update(ici: 0.5, coherence: 0.5, spectralCentroid: 100, time: 13) == .awake)
    }

    @Test("where no label matches, the last one stays")
    func unmatchedStays() {
        var labeler = StateLabeler()
        #expect(labeler.update(ici: 0.2, coherence: 0.5, spectralCentroid: 100, time: 0) == .drowsy)
        // On the way from 0.2 to 0.8 the mean of ICI passes through AWAKE, and stops where nothing matches.
        for n in 1...30 {
            #expect(labeler.update(ici: 0.8, coherence: 0.5, spectralCentroid: 100, time: 100 * Double(n)) == .awake)
        }
    }

    @Test("names on the wire")
    func names() {
        #expect(StateLabel.allCases.map(\.name) == ["COMA", "SLEEP", "DROWSY", "AWAKE", "ALERT", "HYPERSYNC"])
    }
}
