import CMalloc
import ServiceLifecycle

/// Gives back to the system, once a minute, what the heap has free: what viewers who have left and recordings that have ended
/// took would else stay with the process, in pieces that seldom fit what comes next.
struct HeapTrim: Service {
    var interval = Duration.seconds(60)

    func run() async throws {
        while true {
            do { try await cancelWhenGracefulShutdown { try await Task.sleep(for: interval) } } catch { return }
            if Task.isShuttingDownGracefully { return }
            malloc_trim(0)
        }
    }
}
