import Testing

@testable import PhiRenderer

struct QualityChangeTests {
    @Test(
        "A change is told in a sentence",
        arguments: [
            (QualityChange.Reason.overload, "Quality 5 → 3: frames took 21.4 ms of the 16.7 ms there are."),
            (.headroom, "Quality 5 → 3: frames took only 21.4 ms of the 16.7 ms there are."),
            (.chosen, "Quality 5 → 3, as chosen."),
        ])
    func sentence(reason: QualityChange.Reason, sentence: String) {
        let change = QualityChange(from: 5, to: 3, reason: reason, frameMilliseconds: 21.44)
        #expect(change.sentence(fps: 60) == sentence)
    }

    @Test("Every level has words of its own")
    func summaries() {
        #expect(QualityLevel.all.map(\.level) == [0, 1, 2, 3, 4, 5])
        #expect(Set(QualityLevel.all.map(\.summary)).count == 6)
    }
}
