import Testing

@testable import FrameServer

@Suite(.timeLimit(.minutes(2)))
struct ViewerFeedTests {
    @Test("Joins, leaves, answers, full sockets, hidden pages, other sizes, lost encoders, late loops: all in order")
    func anything() throws {
        var videoFrames = 0, stills = 0, letGo = 0
        for seed: UInt64 in 0..<(TestLength.isLong ? 1_500 : 110) {
            let run = FeedSimulation(seed: seed)
            // Whoever is too slow for stills is let go after some ten seconds of them.
            let broken = try run.run(steps: seed % 25 == 0 ? 2_500 : 300)
            #expect(broken == nil, "seed \(seed)")
            videoFrames += run.videoFrames
            stills += run.stills
            letGo += run.letGo
        }
        // What never happens proves nothing.
        #expect(videoFrames > 10_000 && stills > 10_000 && letGo > 0, "\(videoFrames) \(stills) \(letGo)")
    }

    @Test("Whoever sent it otherwise would be found out", arguments: FeedDamage.allCases)
    func damage(_ damage: FeedDamage) throws {
        let found = try (0..<20 as Range<UInt64>).contains { seed in
            try FeedSimulation(seed: seed, damage: damage).run(steps: 300) != nil
        }
        #expect(found)
    }
}
