import Glibc

/// A thread of the system for one long job, with a name and an end that can be waited for.
struct DedicatedThread {
    private let handle: pthread_t

    /// Starts `body` on a new thread, or returns nil where the system has none left.
    ///
    /// - Parameter name: At most 15 bytes; the rest is cut off.
    init?(name: String, _ body: @escaping @Sendable () -> Void) {
        let job = Unmanaged.passRetained(Job(name: String(name.prefix(15)), body: body))
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

    /// Waits until the thread has ended. Must be called exactly once.
    func join() { pthread_join(handle, nil) }

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
            _ = name.withCString { write(file, $0, strlen($0)) }
            close(file)
        }
    }
}
