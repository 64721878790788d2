import FrameCodec
import Testing

@testable import FrameServer

struct DemotionTests {
    private static let second: UInt64 = 1_000_000

    /// A demoted viewer, and the time at which it was demoted.
    private func demoted() -> (demotion: Demotion, at: UInt64) {
        var demotion = Demotion()
        for second: UInt64 in 1...3 { _ = demotion.overflowed(now: second * Self.second, canShowStills: true) }
        return (demotion, 3 * Self.second)
    }

    @Test("Two overflows are skipped over; the third within ten seconds leads to stills")
    func toStills() {
        var demotion = Demotion()
        #expect(demotion.overflowed(now: 1 * Self.second, canShowStills: true) == nil)
        #expect(demotion.overflowed(now: 6 * Self.second, canShowStills: true) == nil)
        #expect(!demotion.isDemoted)
        #expect(demotion.overflowed(now: 11 * Self.second, canShowStills: true) == .stills)
        #expect(demotion.isDemoted)
    }

    @Test("An overflow now and then leads nowhere")
    func nowAndThen() {
        var demotion = Demotion()
        for n: UInt64 in 0..<100 {
            #expect(demotion.overflowed(now: n * 6 * Self.second, canShowStills: n % 2 == 0) == nil)
        }
    }

    @Test("Who takes no stills is let go after six overflows within ten seconds")
    func videoOnly() {
        var demotion = Demotion()
        for n: UInt64 in 1...5 { #expect(demotion.overflowed(now: n * Self.second, canShowStills: false) == nil) }
        #expect(demotion.overflowed(now: 6 * Self.second, canShowStills: false) == .end)
    }

    @Test("Who leaves stills lying and takes fewer than one a second is let go after ten seconds, not sooner")
    func toTheEnd() {
        var (demotion, at) = demoted()
        for second: UInt64 in 1...9 {
            demotion.replacedStill(now: at + second * Self.second)
            demotion.sentStill()
            #expect(demotion.review(now: at + second * Self.second, isDemanding: true) == nil)
        }
        demotion.replacedStill(now: at + 10 * Self.second - 1)
        #expect(demotion.review(now: at + 10 * Self.second, isDemanding: true) == .end)
    }

    @Test("One still a second is enough, for however long")
    func enough() {
        var (demotion, at) = demoted()
        for second: UInt64 in 1...300 {
            demotion.replacedStill(now: at + second * Self.second)
            demotion.sentStill()
            #expect(demotion.review(now: at + second * Self.second, isDemanding: true) == nil)
        }
    }

    @Test("Where the server has fewer than one still a second, nobody is let go for it")
    func slowServer() {
        var (demotion, at) = demoted()
        for second: UInt64 in 1..<20 {
            if second % 5 == 0 { demotion.sentStill() }
            #expect(demotion.review(now: at + second * Self.second, isDemanding: true) == nil)
        }
    }

    @Test("Video is tried again after twenty seconds in which no still was overtaken; then overflows count anew")
    func recovery() {
        var (demotion, at) = demoted()
        for second: UInt64 in 1..<25 {
            for _ in 0..<30 { demotion.sentStill() }
            if second == 5 { demotion.replacedStill(now: at + 5 * Self.second) }
            #expect(demotion.review(now: at + second * Self.second, isDemanding: true) == nil)
            #expect(demotion.isDemoted)
        }
        #expect(demotion.review(now: at + 25 * Self.second, isDemanding: true) == .video)
        #expect(!demotion.isDemoted)
        #expect(demotion.review(now: at + 26 * Self.second, isDemanding: true) == nil)
        #expect(demotion.overflowed(now: at + 26 * Self.second, canShowStills: true) == nil)
        #expect(demotion.overflowed(now: at + 27 * Self.second, canShowStills: true) == nil)
        #expect(demotion.overflowed(now: at + 28 * Self.second, canShowStills: true) == .stills)
    }

    @Test("Who looks away is neither let go nor given video for it")
    func away() {
        var (demotion, at) = demoted()
        for second: UInt64 in 1...60 {
            #expect(demotion.review(now: at + second * Self.second, isDemanding: false) == nil)
        }
        at += 60 * Self.second
        #expect(demotion.review(now: at + 1 * Self.second, isDemanding: true) == nil)
        #expect(demotion.review(now: at + 19 * Self.second, isDemanding: true) == nil)
        #expect(demotion.review(now: at + 20 * Self.second, isDemanding: true) == .video)
    }
}
