import Handoff
public import Logging
public import ServiceLifecycle

/// Makes the frames of a catalog's streams. A stream costs nothing until somebody wants it; then it has a thread of its
/// own, which sleeps whenever nobody does.
public final class EncoderBank: Service {
    private let catalog: StreamCatalog
    private let sink: any FrameSink
    private let threads: Int
    private let logger: Logger
    private let isStopping = StopFlag()

    /// Shared by all banks of a process, so that a viewer who changes streams never sees an epoch twice.
    private static let epochs = EpochCounter()

    /// - Parameters:
    ///   - sink: Where encoded frames go.
    ///   - threads: That one video encoder may use.
    public init(_ catalog: StreamCatalog, sink: any FrameSink, threads: Int = 1, logger: Logger) {
        self.catalog = catalog
        self.sink = sink
        self.threads = threads
        self.logger = logger
    }

    /// Encodes what is wanted until graceful shutdown or cancellation, and returns when the threads have ended.
    public func run() async throws {
        try await withTaskCancellationOrGracefulShutdownHandler {
            try await withThrowingTaskGroup(of: Void.self) { threads in
                for await n in self.catalog.starts {
                    threads.addTask { try await self.work(self.catalog.places[n]) }
                }
                try await threads.waitForAll()
            }
        } onCancelOrGracefulShutdown: {
            self.stop()
        }
    }

    private func stop() {
        isStopping.set()
        catalog.start.finish()
        for mailbox in catalog.mailboxes { mailbox.wake() }
    }

    private func work(_ place: StreamCatalog.Place) async throws {
        let workshop = StreamWorkshop(sink: sink, logger: logger, epochs: Self.epochs)
        let (isStopping, options, threads) = (isStopping, catalog.options, threads)
        try await DedicatedThread.run(name: "phi-encode-\(place.stream.id)", stop: { self.stop() }) {
            if let ladder = place.ladder {
                var worker = VideoWorker(
                    place.stream, ladder, place.pictures, bitrates: options.bitrates,
                    drawnRate: Double(options.framesPerSecond), threads: threads, workshop)
                worker.work(place.mailbox, isStopping)
            } else {
                var worker = JPEGWorker(place.stream, place.pictures, workshop)
                worker.work(place.mailbox, isStopping)
            }
        }
    }
}
