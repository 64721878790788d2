import FrameCodec
import Handoff
import PhiRenderer
import ServiceLifecycle
import Telemetry

/// Carries what the render thread tells of its frames, and of the quality that it draws, into the statistics.
struct FrameEventCollector: Service {
    let events: EventRing<FrameEvent>
    let qualityChanges: EventRing<QualityChange>
    let catalog: StreamCatalog
    let statistics: FrameStatistics
    let quality: QualityReporter

    func run() async throws {
        var replaced: UInt64 = 0
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            while let event = events.pop() { record(event) }
            while let change = qualityChanges.pop() { quality.report(change) }
            let now = catalog.replacedCount
            if now > replaced {
                statistics.recordDropped(reason: "encoder_busy", count: Int(now - replaced))
                replaced = now
            }
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .milliseconds(50)) }
        }
    }

    private func record(_ event: FrameEvent) {
        switch event.outcome {
        case .rendered: statistics.recordRendered(event.info)
        case .late: statistics.recordDropped(reason: "late", count: Int(event.count))
        case .noBuffer: statistics.recordDropped(reason: "no_buffer", count: Int(event.count))
        }
    }
}
