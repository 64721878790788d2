import Dispatch
import Foundation
import Glibc
import Synchronization

/// The end at once, for who does not want to wait for an end in order.
enum SecondSignal {
    private static let sources = Mutex<[any DispatchSourceSignal]>([])

    /// From here on SIGINT and SIGTERM end the program as they do others. What was recorded is whole to its last second.
    static func awaitOne() {
        sources.withLock { sources in
            guard sources.isEmpty else { return }
            for number in [SIGINT, SIGTERM] {
                let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
                source.setEventHandler {
                    let sentence = "phi-matrix: Ended at once by a second signal.\n"
                    try? FileHandle.standardError.write(contentsOf: Data(sentence.utf8))
                    die(of: number)
                }
                source.resume()
                sources.append(source)
            }
        }
    }

    private static func die(of number: Int32) {
        signal(number, SIG_DFL)
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, number)
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
        raise(number)
    }
}
