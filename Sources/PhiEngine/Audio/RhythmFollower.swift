import PhiModel

/// Follows onsets, tempo and beats, hop by hop, without allocation.
final class RhythmFollower {
    static let windowLength = OnsetDetector.windowLength
    /// How far a beat that lies elsewhere than felt moves the phase, of the way.
    private static let correction = 0.3
    /// The onset is told a hop late, and lies in the middle of its window: hops.
    private static let delay = 1.5

    private(set) var figures = SoundFigures()

    private let detector: OnsetDetector
    private let estimator: TempoEstimator
    private let interval: Double

    /// - Parameter hop: Samples from one update to the next.
    init(sampleRate: Int, hop: Int) throws {
        detector = try OnsetDetector(sampleRate: sampleRate, hop: hop)
        interval = Double(hop) / Double(sampleRate)
        estimator = TempoEstimator(interval: interval)
    }

    /// Takes the newest 1024 samples at `samples`.
    func update(_ samples: UnsafePointer<Float>) {
        detector.update(samples)
        estimator.update(detector.excess)
        figures.novelty = detector.novelty
        if detector.isOnset { figures.onsets += 1 }
        let hadTempo = figures.tempo > 0
        figures.tempo = estimator.tempo
        figures.confidence = estimator.confidence
        guard figures.tempo > 0 else {
            figures.beatPhase = 0
            return
        }
        let lag = 60 / figures.tempo / interval
        figures.beatPhase += 1 / lag
        if estimator.isNew {
            let felt = ((estimator.hopsSinceBeat(lag: lag) + Self.delay) / lag).truncatingRemainder(dividingBy: 1)
            var error = felt - figures.beatPhase
            error -= error.rounded()
            figures.beatPhase += hadTempo ? Self.correction * error : error
        }
        if figures.beatPhase >= 1 {
            figures.beats += 1
            figures.beatPhase -= 1
        } else if figures.beatPhase < 0 {
            figures.beatPhase += 1
        }
    }
}
