import Dispatch
import Foundation
import Synchronization

/// Lets a command clean up when it is asked to end by SIGINT or SIGTERM, and end by that signal then.
final class InterruptWatch {
    /// The first signal that came.
    private final class Received: Sendable {
        let number = Mutex<Int32?>(nil)
    }

    private let received = Received()
    private var sources: [any DispatchSourceSignal] = []

    /// - Parameter stop: Called at the first signal. At a second one the program ends at once.
    init(_ stop: @escaping @Sendable () -> Void) {
        for number in [SIGINT, SIGTERM] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [received] in
                received.number.withLock { $0 = $0 ?? number }
                signal(number, SIG_DFL)
                stop()
            }
            source.resume()
            sources.append(source)
        }
    }

    /// Ends the program by the signal that was received, so that a shell knows why; returns where there was none.
    func endIfAsked(_ message: String) {
        guard let number = received.number.withLock({ $0 }) else { return }
        try? FileHandle.standardError.write(contentsOf: Data("phi-matrix: \(message)\n".utf8))
        signal(number, SIG_DFL)
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, number)
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
        kill(getpid(), number)
    }
}
