import ServiceLifecycle
import Telemetry

/// Gives back to the system, regularly, what the heap has free: what viewers who have left and recordings that have ended took
/// would else stay with the process, in pieces that seldom fit what comes next. Once takes a fifth of a millisecond.
struct HeapTrim: Service {
    var interval = Duration.seconds(5)

    func run() async throws {
        while true {
            do { try await cancelWhenGracefulShutdown { try await Task.sleep(for: interval) } } catch { return }
            if Task.isShuttingDownGracefully { return }
            Heap.giveBack()
        }
    }
}
