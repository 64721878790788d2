import FoundationEssentials
import Glibc
import JSONLines
import PhiModel

/// Finds in a file of timed lines the two around a moment. Moments that follow one another cost one line each; a moment
/// before the last one begins at the top. Belongs to one thread.
final class SessionLines {
    /// A sample, and when it was taken: seconds of the session's clock.
    struct Sample {
        var time: Double
        var reading: StateReading
    }

    /// Lines that were no samples, since the beginning.
    private(set) var unreadableCount: UInt64 = 0
    /// The file ends in a line that was never finished.
    let isTorn: Bool
    let first: Sample
    let last: Sample

    private let path: String
    private let reader: LineReader
    private var before: Sample
    /// Nil after the last line.
    private var after: Sample?

    /// Opens a file.
    ///
    /// - Throws: `EngineError` where it cannot be read, or has no sample.
    init(path: String) throws {
        self.path = path
        do {
            reader = try LineReader(path: path)
            guard let first = try Self.nextSample(reader) else { throw Self.empty(path) }
            self.first = first
            last = try Self.lastSample(reader) ?? first
            isTorn = reader.isTorn
            before = first
            after = nil
            try rewind()
        } catch let error as LineFileError { throw Self.unreadable(error) }
    }

    /// The last sample not after `time` (the first, where all are), and the one that follows it.
    func samples(around time: Double) throws -> (before: Sample, after: Sample?) {
        do {
            if time < before.time, before.time > first.time { try rewind() }
            if try !search(time, isQuick: true) {
                try rewind()
                _ = try search(time, isQuick: false)
            }
            return (before, after)
        } catch let error as LineFileError { throw Self.unreadable(error) }
    }

    /// Goes on to `time`.
    /// - Parameter isQuick: Lines on the way are not decoded: only their time counts, until it is seen that the one that is
    ///   needed is damaged. Returns false then.
    private func search(_ time: Double, isQuick: Bool) throws -> Bool {
        while let next = after, next.time <= time {
            before = next
            after = nil
            var passed: [UInt8] = [], passedTime = before.time
            while after == nil {
                let line = try reader.next { line in
                    if isQuick, let quick = Self.quickTime(line), quick <= time {
                        guard quick > passedTime else { return Line.sample(nil) }
                        passedTime = quick
                        passed.removeAll(keepingCapacity: true)
                        passed.append(contentsOf: line)
                        return Line.passed
                    }
                    return Line.sample(Self.sample(line))
                }
                guard let line else { break }
                guard case .sample(let sample) = line else { continue }
                guard let sample, sample.time > passedTime else {
                    unreadableCount += 1
                    continue
                }
                after = sample
            }
            guard !passed.isEmpty else { continue }
            guard let sample = passed.withUnsafeBytes({ Self.sample($0) }) else { return false }
            before = sample
        }
        return true
    }

    private enum Line {
        case passed
        case sample(Sample?)
    }

    private func rewind() throws {
        try reader.seek(to: 0)
        before = try Self.nextSample(reader) ?? first
        after = try Self.nextSample(reader, after: before.time)
    }

    private static func nextSample(_ reader: LineReader, after time: Double = -.infinity) throws -> Sample? {
        while let sample = try reader.next({ Self.sample($0) }) {
            if let sample, sample.time > time { return sample }
        }
        return nil
    }

    /// Looks at the end of the file alone, where that has a sample.
    private static func lastSample(_ reader: LineReader) throws -> Sample? {
        let length = reader.length
        for window in [1 << 16, 1 << 21, Int.max] {
            try reader.seek(to: max(0, length - window))
            var newest: Sample?
            while let sample = try reader.next({ Self.sample($0) }) { newest = sample ?? newest }
            if newest != nil || window >= length { return newest }
        }
        return nil
    }

    private static func sample(_ line: UnsafeRawBufferPointer) -> Sample? {
        guard let reading = try? StateReading(json: Data(line)),
            let time = reading.sessionTime ?? (reading.given.contains(.timestamp) ? reading.state.timestamp : nil)
        else { return nil }
        return Sample(time: time, reading: reading)
    }

    /// The time of a line that begins with it, as recorded lines do.
    private static func quickTime(_ line: UnsafeRawBufferPointer) -> Double? {
        let head = Array("{\"t\":".utf8)
        guard line.starts(with: head) else { return nil }
        let digits = line.dropFirst(head.count).prefix { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "}") }
        return digits.count < 32 ? Double(String(decoding: digits, as: UTF8.self)) : nil
    }

    private static func empty(_ path: String) -> EngineError {
        .refused(.badInput, "\(path) has no sample that can be played; choose another session.")
    }

    private static func unreadable(_ error: LineFileError) -> EngineError {
        error.code == ENOENT
            ? .refused(
                .badInput, "The session has no \(error.path), so there is nothing to play; choose another session.")
            : .refused(
                .unreadableInput,
                "\(error.path) cannot be read (\(String(cString: strerror(error.code)).lowercased())); check it and its disk."
            )
    }
}
