import PhiEngine
import Testing

@Suite("The sound that is drawn")
struct SoundReaderTests {
    private func read(_ reader: SoundReader, _ count: Int) throws -> [Float] {
        var samples = [Float](repeating: 0, count: count * SoundReader.channels)
        try samples.withUnsafeMutableBufferPointer { try reader.read(into: $0) }
        return samples
    }

    @Test("a file is as long as it says, at any rate", arguments: [48_000, 44_100, 8_000])
    func length(rate: Int) throws {
        let folder = try ScratchFolder()
        let path = try folder.write(WaveFile.tone(440, rate: rate, seconds: 1.5).data, to: "a.wav")
        let length = try SoundReader.length(path: path)
        // The resampler keeps its last millisecond or two to itself.
        #expect(abs(length - SoundReader.sampleRate * 3 / 2) <= 120, "\(length)")
    }

    @Test("a start leaves out so many samples, also behind the end; left and right are in turn")
    func start() throws {
        let folder = try ScratchFolder()
        let wave = WaveFile(seconds: 0.5) { $0 }
        let path = try folder.write(wave.data, to: "ramp.wav")
        let whole = try read(try SoundReader(path: path), 24_000)
        for n in [0, 1, 5_000, 23_999] {
            #expect(abs(whole[2 * n] - Float(n) / 48_000) < 1e-3, "sample \(n)")
            #expect(whole[2 * n] == whole[2 * n + 1])
        }
        for start in [1, 4_096, 10_000] {
            let part = try read(try SoundReader(path: path, start: start), 1_000)
            #expect(part == Array(whole[(2 * start)..<(2 * (start + 1_000))]), "\(start)")
        }
        let again = try read(try SoundReader(path: path, start: 24_000 + 100), 1_000)
        #expect(again == Array(whole[200..<2_200]))
    }

    @Test("what is no sound is refused")
    func refused() throws {
        #expect(throws: EngineError.self) { _ = try SoundReader(path: "/etc/passwd") }
        #expect(throws: EngineError.self) { _ = try SoundReader.length(path: "/nowhere.wav") }
    }
}
