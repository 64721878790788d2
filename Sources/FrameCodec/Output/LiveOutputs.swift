import Handoff
public import ServiceLifecycle

/// All live outputs of the program, a thread for each.
public struct LiveOutputs: Service {
    private let outputs: [LiveOutput]

    public init(_ outputs: [LiveOutput]) { self.outputs = outputs }

    /// How they fare, in the order in which they were given.
    public var status: [OutputStatus] { outputs.map(\.status) }

    /// Delivers until graceful shutdown or cancellation.
    public func run() async throws {
        try await withTaskCancellationOrGracefulShutdownHandler {
            try await withThrowingTaskGroup(of: Void.self) { threads in
                for (n, output) in outputs.enumerated() {
                    threads.addTask {
                        try await DedicatedThread.run(name: "phi-output-\(n + 1)", stop: { output.stop() }) {
                            output.work()
                        }
                    }
                }
                try await threads.waitForAll()
            }
            // A service that ends ends the program.
            if outputs.isEmpty { try? await gracefulShutdown() }
        } onCancelOrGracefulShutdown: {
            for output in outputs { output.stop() }
        }
    }
}
