import ArgumentParser
import Foundation
import Glibc
import PhiEngine
import PhiModel

/// What the analysis of sound costs here.
struct BenchSoundCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sound", abstract: "Measures what the analysis of sound costs: decoding, bands, onsets, tempo.",
        discussion: "The processor's time of the analysing thread is counted, so that other programs do not matter.")

    @Option(help: ArgumentHelp("An audio file (default: a sound of its own).", valueName: "file"))
    var file: String?

    @Option(help: ArgumentHelp("How much of it is analysed, 1 to 3600.", valueName: "seconds"))
    var seconds = 60

    @Option(help: ArgumentHelp("Fails where it takes a larger share of a core, 0 to 1.", valueName: "share"))
    var limitShare: Double?

    @Option(help: ArgumentHelp("Fails where a block of 512 samples takes longer on average.", valueName: "ms"))
    var limitBlock: Double?

    @Option(help: ArgumentHelp("Writes the results as JSON; - for standard output.", valueName: "file"))
    var json: String?

    func validate() throws {
        guard (1...3_600).contains(seconds) else {
            throw ValidationError("\(seconds) s cannot be analysed; give --seconds from 1 to 3600")
        }
    }

    func run() throws {
        let report = try measure()
        try publish(report)
        if let limitShare, report.shareOfCore > limitShare {
            throw CommandError(
                .checkFailed,
                "The analysis takes \(Self.figure(report.shareOfCore)) of a core, more than \(Self.figure(limitShare))."
            )
        }
        if let limitBlock, report.blockMeanMs > limitBlock {
            throw CommandError(
                .checkFailed,
                "A block takes \(Self.figure(report.blockMeanMs)) ms, more than \(Self.figure(limitBlock)) ms.")
        }
    }

    private static func figure(_ value: Double) -> String { String(format: "%.3g", value) }

    private func measure() throws -> SoundReport {
        let folder = FileManager.default.temporaryDirectory.appending(path: "phi-matrix-sound-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var path = file ?? ""
        if file == nil {
            let made = folder.appending(path: "sound.wav")
            do {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                try TestSound.write(seconds: min(seconds, 30), to: made)
            } catch {
                throw CommandError(.inputOutput, "The test sound cannot be written to \(folder.path); make room there.")
            }
            path = made.path
        }
        let source = try AudioSource(path: path)
        var state = EngineState()
        // What the first blocks have to fetch belongs to none.
        let warmUp = 32
        try source.advance(to: Double(warmUp) * AudioSource.interval, into: &state)
        let count = Int(Double(seconds) / AudioSource.interval)
        var blocks: [UInt64] = []
        blocks.reserveCapacity(count)
        for n in 1...count {
            let before = Self.processorTime
            try source.advance(to: Double(warmUp + n) * AudioSource.interval, into: &state)
            blocks.append(Self.processorTime - before)
        }
        return SoundReport(blocks: blocks, samples: AudioSource.hop, interval: AudioSource.interval)
    }

    /// Of this thread, ns.
    private static var processorTime: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    private func publish(_ report: SoundReport) throws {
        guard let json else { return print(report.text) }
        let bytes = try report.json()
        if json == "-" { return print(String(decoding: bytes, as: UTF8.self)) }
        print(report.text)
        do { try bytes.write(to: URL(filePath: json), options: .atomic) } catch {
            throw CommandError(
                .inputOutput, "The results cannot be written to \(json); check that the folder exists and is writable.")
        }
    }
}
