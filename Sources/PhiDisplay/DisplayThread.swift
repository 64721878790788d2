import Handoff
import Synchronization

/// The thread that owns a window and handles what happens at it.
public final class DisplayThread: Sendable {
    private let isStopping = Atomic<Bool>(false)
    private let thread = Mutex<Task<Void, Never>?>(nil)

    public init() {}

    /// Opens a window on a thread of its own, which handles its events until `close`.
    /// - Parameter wish: Called on that thread with what the person at the window wants.
    public func open(
        _ options: DisplayWindow.Options, wish: @escaping @Sendable (DisplayWindow.Wish) -> Void
    ) async throws -> DisplayWindow {
        try await withCheckedThrowingContinuation { continuation in
            let task = Task {
                do {
                    try await DedicatedThread.run(name: "phi-display", stop: { self.stop() }) {
                        let opened = Result { try DisplayWindow(options) }
                        continuation.resume(with: opened)
                        guard let window = try? opened.get() else { return }
                        self.handleEvents(window, wish)
                        window.destroy()
                    }
                } catch {
                    // The thread was not started, and nobody has been answered.
                    continuation.resume(throwing: error)
                }
            }
            thread.withLock { $0 = task }
        }
    }

    private func handleEvents(_ window: DisplayWindow, _ wish: @Sendable (DisplayWindow.Wish) -> Void) {
        while !isStopping.load(ordering: .relaxed) {
            window.pollEvents(milliseconds: 50) { wanted in
                if case .toggleFullscreen = wanted { window.toggleFullscreen() } else { wish(wanted) }
            }
        }
    }

    private func stop() { isStopping.store(true, ordering: .relaxed) }

    /// Closes the window and returns when it is gone. Whatever presents to it must have ended before.
    public func close() async {
        stop()
        await thread.withLock { $0 }?.value
    }
}
