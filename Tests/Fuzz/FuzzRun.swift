import Foundation

/// Hands many inputs to a decoder, each made from its own number, so that every one can be made again.
///
/// With `PHI_MATRIX_LONG_TESTS=1` a million, or as many as ten minutes allow, and the figures are printed. With
/// `PHI_MATRIX_FUZZ_INPUT=N` that one alone. Where the program ends with a crash, a file in the temporary folder,
/// `phi-matrix-fuzz-SUBJECT`, tells which input that was.
public struct FuzzRun: Sendable {
    /// What became of the inputs.
    public struct Report: Sendable {
        public var accepted = 0
        public var refused = 0
        public var seconds = 0.0

        public init() {}

        public var count: Int { accepted + refused }
    }

    private static let environment = ProcessInfo.processInfo.environment
    /// Whether many are wanted.
    public static let isLong = environment["PHI_MATRIX_LONG_TESTS"] == "1"
    /// Inputs of a long run, and the seconds that it has.
    public static let most = 1_000_000, limit = 600.0

    private let subject: String
    private let seed: UInt64

    public init(_ subject: String, seed: UInt64) {
        self.subject = subject
        self.seed = seed
    }

    /// The numbers that an input is made from.
    public func numbers(_ n: Int) -> FuzzNumbers { FuzzNumbers(seed: seed &* 0x1_0000_0001 &+ UInt64(n)) }

    /// - Parameters:
    ///   - short: Inputs of a short run.
    ///   - body: Takes one; returns whether it was accepted. What it throws ends the run.
    public func run(short: Int, _ body: (Int, inout FuzzNumbers) throws -> Bool) throws -> Report {
        var report = Report()
        let note = CrashNote(subject: subject, seed: seed)
        let start = Date.now
        for n in Self.inputs(short) {
            if Self.isLong, n % 256 == 0, -start.timeIntervalSinceNow > Self.limit { break }
            note.write(n)
            var numbers = numbers(n)
            if try body(n, &numbers) { report.accepted += 1 } else { report.refused += 1 }
        }
        note.remove()
        report.seconds = -start.timeIntervalSinceNow
        tell(report)
        return report
    }

    /// The numbers of the inputs.
    public static func inputs(_ short: Int) -> Range<Int> {
        if let only = environment["PHI_MATRIX_FUZZ_INPUT"].flatMap(Int.init) { return only..<only + 1 }
        return 0..<(isLong ? most : short)
    }

    /// Whether both kinds have to have happened: of one input, only one can.
    public static var isWhole: Bool { environment["PHI_MATRIX_FUZZ_INPUT"] == nil }

    /// Prints the figures of a long run.
    public func tell(_ report: Report) {
        guard Self.isLong else { return }
        let rate = Double(report.count) / max(report.seconds, 1e-9)
        print(
            "fuzz \(subject): \(report.count) inputs in \(Int(report.seconds)) s (\(Int(rate))/s), \(report.accepted) accepted, "
                + "\(report.refused) refused, no crash")
    }
}

/// A file that holds the number of the input that is being looked at.
private struct CrashNote {
    private let path: String
    private let descriptor: Int32
    private let seed: UInt64

    init(subject: String, seed: UInt64) {
        path = NSTemporaryDirectory() + "/phi-matrix-fuzz-" + subject
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        self.seed = seed
    }

    func write(_ n: Int) {
        let text = "input \(n) of seed \(seed)          \n"
        _ = text.withCString { pwrite(descriptor, $0, text.utf8.count, 0) }
    }

    func remove() {
        close(descriptor)
        unlink(path)
    }
}
