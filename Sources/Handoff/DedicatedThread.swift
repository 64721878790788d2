import Glibc
import Synchronization

/// A thread of the system for work that never suspends.
public struct DedicatedThread {
    private let handle: pthread_t

    /// Runs `body` on a new thread, and returns or throws what it does when the thread has ended.
    ///
    /// - Parameters:
    ///   - name: Shown by debuggers and `top -H`; at most 15 bytes, the rest is cut off.
    ///   - stop: Called where the surrounding task is cancelled; has to make `body` end soon.
    /// - Throws: `ThreadError` where the system has no thread left; else what `body` throws.
    public static func run(
        name: String, stop: @escaping @Sendable () -> Void, _ body: @escaping @Sendable () throws -> Void
    ) async throws {
        try await withTaskCancellationHandler {
            let thread = Mutex<DedicatedThread?>(nil)
            let outcome: Result<Void, any Error> = await withCheckedContinuation { continuation in
                // Held until the handle is stored, so that it is there when the thread reports its end.
                thread.withLock { thread in
                    thread = DedicatedThread(name: name) { continuation.resume(returning: Result(catching: body)) }
                    if thread == nil { continuation.resume(returning: .failure(ThreadError())) }
                }
            }
            // The thread's last act was to report, so this wait is a matter of microseconds.
            thread.withLock { $0?.join() }
            try outcome.get()
        } onCancel: {
            stop()
        }
    }

    /// Nil where the system has no thread left.
    private init?(name: String, _ body: @escaping @Sendable () -> Void) {
        let job = Unmanaged.passRetained(Job(name: name, body: body))
        var handle = pthread_t()
        let status = pthread_create(
            &handle, nil,
            { argument in
                guard let argument else { return nil }
                let job = Unmanaged<Job>.fromOpaque(argument).takeRetainedValue()
                job.nameThread()
                job.body()
                return nil
            }, job.toOpaque())
        guard status == 0 else {
            job.release()
            return nil
        }
        self.handle = handle
    }

    private func join() { pthread_join(handle, nil) }

    private final class Job: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }

        /// Names the calling thread by way of the kernel's file for it: pthread_setname_np is a GNU extension that the
        /// Glibc module leaves out. A thread without its name works as well, so failure is not told.
        func nameThread() {
            let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
            guard file >= 0 else { return }
            _ = name.withCString { write(file, $0, min(strlen($0), 15)) }
            close(file)
        }
    }
}

/// The system has no thread left.
public struct ThreadError: Error, CustomStringConvertible {
    public var description: String {
        "The system has no thread left; end other programs or raise the limit on processes."
    }
}
