import Foundation
import Testing

@testable import PhiEngine

@Suite("Audio files")
struct AudioFileReaderTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func samples(_ path: String, count: Int) throws -> [Float] {
        let reader = try AudioFileReader(path: path, shortestPass: 512)
        var all: [Float] = []
        var block = [Float](repeating: 0, count: 512)
        while all.count < count {
            try block.withUnsafeMutableBufferPointer { try reader.read(into: $0) }
            all += block
        }
        return all
    }

    private func noise(seconds: Double) -> WaveFile {
        var generator = SeededGenerator(seed: 9)
        return WaveFile(seconds: seconds) { _ in 0.5 * generator.signed() }
    }

    /// The difference of the two best-known samples a period apart.
    private func isPeriodic(_ all: [Float], period: Int) -> Bool {
        zip(all, all.dropFirst(period)).allSatisfy { abs($0 - $1) < 1e-6 }
    }

    @Test("a file begins again at its end, without a gap")
    func looping() throws {
        let wave = noise(seconds: 0.5)
        let all = try samples(folder.write(wave.data, to: "a.wav"), count: 80_000)
        #expect(zip(all, wave.samples).allSatisfy { abs(Double($0) - $1) < 1e-4 })
        #expect(isPeriodic(all, period: 24_000))
        #expect(!isPeriodic(all, period: 23_999))
    }

    @Test("a file that is cut off plays to where it ends, and begins again")
    func truncated() throws {
        let data = noise(seconds: 1).data
        let all = try samples(folder.write(data.prefix(44 + 2 * 20_000), to: "cut.wav"), count: 70_000)
        #expect(isPeriodic(all, period: 20_000))
    }

    @Test("music that is cut off or damaged is played on", .enabled(if: FileManager.default.fileExists(atPath: music)))
    func damagedMusic() throws {
        var data = try Data(contentsOf: URL(filePath: music)).prefix(300_000)
        let cut = try samples(folder.write(data, to: "cut.ogg"), count: 48_000 * 60)
        #expect(cut.suffix(48_000 * 10).contains { abs($0) > 0.05 })
        #expect(cut.allSatisfy { $0.isFinite })
        for n in stride(from: 50_000, to: 200_000, by: 701) { data[n] ^= 0x55 }
        let damaged = try samples(folder.write(data, to: "damaged.ogg"), count: 48_000 * 30)
        #expect(damaged.contains { abs($0) > 0.05 })
    }

    @Test("music begins again", .enabled(if: FileManager.default.fileExists(atPath: music)))
    func musicLoops() throws {
        // Longer than the piece; a second pass is as loud as the first.
        let reader = try AudioFileReader(path: music, shortestPass: 512)
        var block = [Float](repeating: 0, count: 48_000)
        var loudSeconds: [Bool] = []
        for _ in 0..<400 {
            try block.withUnsafeMutableBufferPointer { try reader.read(into: $0) }
            loudSeconds.append(block.contains { abs($0) > 0.02 })
        }
        #expect(loudSeconds.suffix(60).filter { $0 }.count > 50)
    }

    /// The error that `body` throws, as the engine's own.
    private func failure(_ path: String) -> EngineError? {
        do {
            _ = try AudioSource(path: path)
            return nil
        } catch {
            return error as? EngineError
        }
    }

    @Test("each file that cannot be played is refused in one plain sentence")
    func refusals() throws {
        let missing = folder.url.appending(path: "none.ogg").path
        let empty = try folder.write(Data(), to: "empty.wav")
        let text = try folder.write(Data(String(repeating: "This is no sound.\n", count: 500).utf8), to: "a.txt")
        let misnamed = try folder.write(Data("This is no sound.\n".utf8), to: "a.wav")
        let playlist = try folder.write(Data("#EXTM3U\n#EXTINF:1,\nhttp://localhost/a.ts\n".utf8), to: "a.m3u8")
        let image = try folder.write(Self.png, to: "a.png")
        let silent = try folder.write(WaveFile(seconds: 0) { _ in 0 }.data, to: "none.wav")
        let short = try folder.write(WaveFile(seconds: 0.005) { _ in 0.1 }.data, to: "short.wav")
        let header = try folder.write(noise(seconds: 0.1).data.prefix(30), to: "header.wav")
        var generator = SeededGenerator(seed: 4)
        let random = try folder.write(
            Data((0..<20_000).map { _ in UInt8(truncatingIfNeeded: generator.next()) }), to: "random.bin")
        let pipe = folder.url.appending(path: "pipe").path
        #expect(mkfifo(pipe, 0o600) == 0)

        #expect(failure(missing) == .fileNotFound(path: missing))
        #expect(failure(missing + "/below") == .fileNotFound(path: missing + "/below"))
        #expect(failure(folder.url.path) == .fileIsDirectory(path: folder.url.path))
        #expect(failure(empty) == .fileEmpty(path: empty))
        #expect(failure(pipe) == .fileNotRegular(path: pipe))
        #expect(failure(short) == .fileTooShort(path: short, samples: 240))
        for path in [text, misnamed, image, silent, header, random] {
            #expect(failure(path) == .fileNotAudio(path: path), "\(failure(path)?.description ?? "no error")")
        }
        for path in [missing, empty, text, misnamed, playlist, image, silent, short, header, random, pipe] {
            let sentence = failure(path)?.description ?? "no error"
            #expect(sentence.contains(path) && sentence.hasSuffix(".") && !sentence.contains("\n"), "\(sentence)")
        }
        #expect(
            failure(missing)?.description
                == "The audio file '\(missing)' does not exist; check the path after 'audio:'.")
    }

    @Test("a file without read permission is refused", .enabled(if: geteuid() != 0))
    func permission() throws {
        let path = try folder.write(noise(seconds: 0.1).data, to: "locked.wav")
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
        #expect(failure(path) == .fileUnreadable(path: path, reason: "permission denied"))
    }

    @Test("a file that vanishes while it plays goes on, and a colon in a name is no protocol")
    func vanishing() throws {
        let path = try folder.write(noise(seconds: 0.5).data, to: "pipe:odd:name.wav")
        let reader = try AudioFileReader(path: path, shortestPass: 512)
        try FileManager.default.removeItem(atPath: path)
        var block = [Float](repeating: 0, count: 48_000)
        try block.withUnsafeMutableBufferPointer { try reader.read(into: $0) }
        #expect(block[100] == block[24_100])
    }

    @Test("an absurd sample rate is refused")
    func absurdRate() throws {
        var wave = noise(seconds: 0.1)
        wave.rate = 1
        let path = try folder.write(wave.data, to: "slow.wav")
        #expect(failure(path)?.kind == .unreadableInput)
    }

    /// One grey pixel.
    private static let png =
        Data(
            base64Encoded:
                "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==")
        ?? Data()
}
