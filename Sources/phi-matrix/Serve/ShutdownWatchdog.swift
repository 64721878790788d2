import Dispatch
import Foundation
import ServiceLifecycle

/// Ends the program where a shutdown hangs, on a driver or a file system that does not answer, and at once where a second
/// signal asks for that.
struct ShutdownWatchdog: Service {
    /// Seconds from the signal: before what started the program kills it, after ten.
    private static let patience = 8.0

    func run() async throws {
        try? await gracefulShutdown()
        SecondSignal.awaitOne()
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.patience) {
            let sentence = "phi-matrix: The shutdown hung, on the Vulkan driver or on a file; the program was ended.\n"
            try? FileHandle.standardError.write(contentsOf: Data(sentence.utf8))
            _exit(ExitStatus.internal.rawValue)
        }
    }
}
