import Foundation

/// A thread of the operating system for work that never suspends.
public enum DedicatedThread {
    /// Runs `body` on a new thread and returns, or throws, when it has ended.
    ///
    /// - Parameters:
    ///   - name: Shown by debuggers and `top -H`; at most 15 characters.
    ///   - stop: Called where the surrounding task is cancelled; has to make `body` end soon.
    public static func run(
        name: String, stop: @escaping @Sendable () -> Void, _ body: @escaping @Sendable () throws -> Void
    ) async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                start(name: name) { continuation.resume(with: Result(catching: body)) }
            }
        } onCancel: {
            stop()
        }
    }

    /// Starts a thread that runs `body`.
    public static func start(name: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread(block: body)
        thread.name = String(name.prefix(15))
        thread.stackSize = 4 << 20
        thread.start()
    }
}
