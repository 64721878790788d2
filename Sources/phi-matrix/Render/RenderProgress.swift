import Foundation

/// How far a render is, on stderr: a bar that is drawn over itself on a terminal, a line now and then elsewhere.
struct RenderProgress {
    let count: Int
    let framesPerSecond: Int
    let isQuiet: Bool
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let start = ContinuousClock.now

    /// Tells of it until the task is cancelled.
    /// - Parameter written: Frames that are done.
    func follow(_ written: @Sendable () -> Int) async {
        guard !isQuiet else { return }
        let pause = Duration.milliseconds(isTerminal ? 100 : 5_000)
        while (try? await Task.sleep(for: pause)) != nil { tell(written()) }
        if isTerminal { write("\r\u{1B}[K") }
    }

    private func tell(_ done: Int) {
        let share = Double(done) / Double(count)
        let rate = Double(done) / max(seconds, 1e-3)
        let left = rate > 0 ? Int((Double(count - done) / rate).rounded(.up)) : 0
        let figures =
            "\(done) of \(count) frames, \(Self.short(rate)) fps, \(Self.short(rate / Double(framesPerSecond)))× real time, "
            + "\(left / 60):\(String(format: "%02d", left % 60)) left"
        guard isTerminal else { return write("\(Int(share * 100)) %: \(figures)\n") }
        // Nothing may reach the last column: what wraps is not drawn over.
        let room = columns - 1
        let width = min(24, room - figures.count - 1), filled = Int(share * Double(max(width, 0)))
        let bar =
            width < 4
            ? "" : String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled) + " "
        write("\r\((bar + figures).prefix(room))\u{1B}[K")
    }

    /// The width of the terminal, characters.
    private var columns: Int {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 1 ? Int(size.ws_col) : 80
    }

    private var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }

    /// One line on what was done.
    /// - Parameters:
    ///   - what: How it was encoded.
    ///   - bytes: The size of the output.
    func summary(output: String, what: String, bytes: Int) -> String {
        let rate = Double(count) / max(seconds, 1e-3)
        return
            "\(output): \(count == 1 ? "1 frame" : "\(count) frames"), \(Self.short(Double(count) / Double(framesPerSecond))) s, \(what), "
            + "\(Self.short(Double(bytes) / 1e6)) MB; took \(Self.short(seconds)) s, \(Self.short(rate)) fps, "
            + "\(Self.short(rate / Double(framesPerSecond)))× real time"
    }

    private static func short(_ value: Double) -> String { String(format: value < 100 ? "%.2f" : "%.0f", value) }

    private func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}
