import FoundationEssentials
import Handoff
import JSONLines
import PhiModel

/// The files of a session that tell what the engine did and what was wanted of it, while they are written. Owned by one
/// thread. Every line begins with `t`, the seconds from the session's beginning on the clock that the frames have as well.
final class SessionStreams {
    /// Samples that follow one another faster are thinned out, µs: 120 a second are kept, with a tenth to spare.
    private static let shortest: UInt64 = 7_500
    /// Between two looks at what is wanted, µs.
    private static let controlsEvery: UInt64 = 100_000
    /// Between two times that lines are given to the system, µs: so much is lost where the program is killed.
    private static let writtenEvery: UInt64 = 200_000

    private static let files = ["metrics.jsonl", "phi.jsonl", "controls.jsonl"]

    private let feed: SessionFeed
    /// The session's beginning, µs of the monotonic clock.
    private let origin: UInt64
    private let metrics: LineWriter
    private let phi: LineWriter
    private let controls: LineWriter
    private let digests: [FileDigest]
    /// Of the files in the same order, as they were made safe the last time.
    private var safe: [Session.Digest?] = [nil, nil, nil]
    private let lostBefore: UInt64
    private var newest: (number: UInt64, time: UInt64)?
    private var lastControls: SessionControls?
    private var controlsDue: UInt64 = 0
    /// When what is wanted was changed the last time that it was looked at.
    private var changeSeen: UInt64
    private var writeDue: UInt64 = 0
    private var isOver = false

    init(_ feed: SessionFeed, folder: String, origin: UInt64) throws(SessionError) {
        self.feed = feed
        self.origin = origin
        do throws(LineFileError) {
            metrics = try LineWriter(path: folder + "/" + Self.files[0])
            phi = try LineWriter(path: folder + "/" + Self.files[1])
            controls = try LineWriter(path: folder + "/" + Self.files[2])
        } catch { throw .unwritable(error.path, error.code) }
        digests = Self.files.map { FileDigest(path: folder + "/" + $0) }
        lostBefore = feed.samples.lostCount
        changeSeen = feed.changed()
        // What was left of an earlier session does not belong to this one.
        while feed.samples.next() != nil {}
        feed.samples.demand.add()
    }

    deinit { end() }

    /// Samples that are missing because the disk was too slow.
    var lostCount: Int { Int(feed.samples.lostCount - lostBefore) }

    var byteCount: Int { metrics.byteCount + phi.byteCount + controls.byteCount }

    var descriptions: [Session.Stream] {
        [metrics, phi, controls].enumerated().map { n, file in
            Session.Stream(file: Self.files[n], lines: file.lineCount, bytes: file.byteCount, digest: safe[n])
        }
    }

    /// Takes what has come since the last time.
    func take() throws(SessionError) {
        while let sample = feed.samples.next() {
            if let newest, sample.frameID == newest.number || sample.monotonic < newest.time + Self.shortest {
                continue
            }
            newest = (sample.frameID, sample.monotonic)
            let t = seconds(at: sample.monotonic)
            metrics.append { StateLine.appendMetrics(sample, at: t, to: &$0) }
            phi.append { StateLine.appendPhi(sample, at: t, to: &$0) }
        }
        let now = MonotonicClock.microseconds
        takeControls(now)
        guard now >= writeDue else { return }
        writeDue = now + Self.writtenEvery
        try each { (file) throws(LineFileError) in try file.write() }
    }

    /// A change has the time at which it was made; what tells of none when it changes, the time at which it was seen.
    private func takeControls(_ now: UInt64) {
        let changed = feed.changed()
        let isChanged = changed > changeSeen
        guard isChanged || now >= controlsDue else { return }
        controlsDue = now + Self.controlsEvery
        changeSeen = max(changed, changeSeen)
        let wanted = feed.controls()
        let moment = isChanged && lastControls != nil ? changed : now
        guard wanted != lastControls, let line = ControlsLine(t: seconds(at: moment), controls: wanted).json else {
            return
        }
        lastControls = wanted
        controls.append { $0.append(contentsOf: line) }
    }

    /// Takes the last samples, wants no more, and waits until everything is on the disk.
    func finish() throws(SessionError) {
        try take()
        end()
        try flush()
    }

    private func end() {
        guard !isOver else { return }
        isOver = true
        feed.samples.demand.remove()
    }

    /// Waits until everything that was taken is on the disk.
    func flush() throws(SessionError) {
        try each { (file) throws(LineFileError) in try file.flush() }
        safe = digests.map { $0.extend() }
    }

    private func each(_ body: (LineWriter) throws(LineFileError) -> Void) throws(SessionError) {
        do throws(LineFileError) {
            for file in [metrics, phi, controls] { try body(file) }
        } catch { throw .unwritable(error.path, error.code) }
    }

    /// Six decimals of a second since the session began; negative for a sample that fell due just before.
    private func seconds(at time: UInt64) -> Double { (Double(time) - Double(origin)) * 1e-6 }
}

/// A line of `controls.jsonl`.
private struct ControlsLine: Encodable {
    let t: Double
    let controls: SessionControls

    private enum Key: String, CodingKey { case t }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode((t * 1e6).rounded() / 1e6, forKey: .t)
        try controls.encode(to: encoder)
    }

    /// Nil where a number is not finite, which is not wanted by anybody.
    var json: Data? {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try? encoder.encode(self)
    }
}
