import Handoff
import Synchronization

/// The thread that owns a window and handles what happens at it.
public final class DisplayThread: Sendable {
    private struct State {
        var hasEnded = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let isStopping = Atomic<Bool>(false)
    private let state = Mutex(State(hasEnded: true))

    public init() {}

    /// Opens a window on a thread of its own, which handles its events until `close`.
    /// - Parameter wish: Called on that thread with what the person at the window wants.
    public func open(
        _ options: DisplayWindow.Options, wish: @escaping @Sendable (DisplayWindow.Wish) -> Void
    ) async throws -> DisplayWindow {
        state.withLock { $0.hasEnded = false }
        return try await withCheckedThrowingContinuation { continuation in
            DedicatedThread.start(name: "phi-display") {
                do {
                    let window = try DisplayWindow(options)
                    continuation.resume(returning: window)
                    self.handleEvents(window, wish)
                    window.destroy()
                } catch {
                    continuation.resume(throwing: error)
                }
                self.end()
            }
        }
    }

    private func handleEvents(_ window: DisplayWindow, _ wish: @Sendable (DisplayWindow.Wish) -> Void) {
        while !isStopping.load(ordering: .relaxed) {
            window.pollEvents(milliseconds: 50) { wanted in
                if case .toggleFullscreen = wanted { window.toggleFullscreen() } else { wish(wanted) }
            }
        }
    }

    private func end() {
        let waiting = state.withLock { state in
            state.hasEnded = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Closes the window and returns when it is gone. Whatever presents to it must have ended before.
    public func close() async {
        isStopping.store(true, ordering: .relaxed)
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.waiting.append(continuation) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }
}
