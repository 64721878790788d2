import Testing

@testable import PhiEngine

/// The sound is a ramp, so that each sample's value tells where in the file it is from.
@Suite("Sound whose speed is moved")
struct SteeredSoundTests {
    private static let seconds = 12.0
    private let folder: ScratchFolder
    private let path: String

    init() throws {
        folder = try ScratchFolder()
        path = try folder.write(
            WaveFile(isFloat: true, seconds: Self.seconds) { $0 / Self.seconds }.data, to: "ramp.wav")
    }

    private func read(_ sound: SteeredSound, _ count: Int, speed: Double = 1) throws -> [Float] {
        var samples = [Float](repeating: 0, count: count * SoundReader.channels)
        try samples.withUnsafeMutableBufferPointer { try sound.read(into: $0, speed: speed) }
        return samples
    }

    /// Where a sample is from, samples.
    private func place(_ value: Float) -> Double { Double(value) * Self.seconds * 48_000 }

    @Test("the position is that of the next sample, within a tenth of a millisecond", arguments: [1, 1.003, 0.995])
    func position(speed: Double) throws {
        let sound = try SteeredSound(AudioOptions(path: path))
        for block in 0..<1_000 {
            let position = sound.position
            let samples = try read(sound, 256, speed: speed)
            guard block % 100 == 99 else { continue }
            #expect(abs(place(samples[0]) - position) < 5, "block \(block)")
            #expect(samples[0] == samples[1])
        }
        // 256,000 samples were heard.
        #expect(abs(sound.position - 256_000 * speed) < 64)
    }

    @Test("more than half a percent is cut off")
    func reach() throws {
        let sound = try SteeredSound(AudioOptions(path: path))
        _ = try read(sound, 100_000, speed: 1.5)
        #expect(abs(sound.position - 100_500) < 64)
    }

    @Test("a skip moves the position by as much, and what is heard with it")
    func skip() throws {
        let sound = try SteeredSound(AudioOptions(path: path), start: 4_800)
        _ = try read(sound, 4_800)
        let before = sound.position
        #expect(abs(before - 9_600) < 5)
        try sound.skip(48_000)
        #expect(abs(sound.position - before - 48_000) < 1)
        _ = try read(sound, 64)
        let position = sound.position
        #expect(abs(place(try read(sound, 1)[0]) - position) < 5)
    }
}

@Suite("Where in its sound an engine is")
struct SoundtrackTests {
    @Test("positions are counted from the origin, and are negative before it")
    func positions() {
        let track = Soundtrack(
            options: AudioOptions(path: "a.wav"), turn: 0, origin: 2_000_000_000, isPaused: false)
        #expect(track.position(at: 3_000_000_000) == 48_000)
        #expect(track.position(at: 1_500_000_000) == -24_000)
    }

    @Test("the pacer tells the sound of an audio source alone, and counts who takes over")
    func pacer() throws {
        let folder = try ScratchFolder()
        let path = try folder.write(WaveFile.tone(440, seconds: 1).data, to: "a.wav")
        var pacer = SourcePacer(try AudioSource(path: path), phi: PhiInputs())
        let first = try #require(pacer.summary.soundtrack)
        #expect(first.options == AudioOptions(path: path))
        pacer.replace(with: SyntheticSource(seed: 1))
        #expect(pacer.summary.soundtrack == nil)
        pacer.replace(with: try AudioSource(path: path))
        let second = try #require(pacer.summary.soundtrack)
        #expect(second.turn == first.turn + 2)
        #expect(second.origin >= first.origin)
        var wishes = EngineWishes()
        wishes.isPaused = true
        pacer.apply(wishes)
        #expect(pacer.summary.soundtrack?.isPaused == true)
    }
}
