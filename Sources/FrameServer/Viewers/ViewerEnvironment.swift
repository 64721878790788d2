import Handoff
import Telemetry

/// What all viewers of a server share.
struct ViewerEnvironment: Sendable {
    let renderer: any RendererPort
    let product: String
    let tokens: AccessTokens
    let timings: ServerTimings

    func hello(_ streams: [StreamOffer]) -> HelloMessage {
        let description = renderer.description
        return HelloMessage(
            server: product,
            streams: streams.map {
                HelloMessage.Stream(
                    id: $0.id, codec: $0.codec, width: description.width, height: description.height,
                    fps: description.targetFPS)
            },
            codecs: streams.map(\.codec),
            limits: HelloMessage.Limits(
                maxMessagesPerSecond: timings.messagesPerSecond, maxFps: description.targetFPS),
            clock: HelloMessage.Clock(
                monotonicUs: MonotonicClock.microseconds, unixMs: MonotonicClock.unixSeconds * 1_000))
    }

    func stats(
        _ figures: FrameFigures, sent: (framesPerSecond: Double, bitsPerSecond: Double), offer: StreamOffer,
        hub: FrameHub
    ) -> StatsMessage {
        StatsMessage(
            fps: StatsMessage.Rates(
                rendered: figures.renderedPerSecond, encoded: figures.encodedPerSecond, sent: sent.framesPerSecond),
            stages: Dictionary(
                uniqueKeysWithValues: FrameStage.allCases.map {
                    ($0.rawValue, StatsMessage.Stage(figures.stages[$0]))
                }),
            latency: StatsMessage.Stage(figures.latency), bitrate: sent.bitsPerSecond, drops: figures.drops,
            viewers: hub.viewerCount, encoder: offer.encoder, device: renderer.description.device,
            quality: StatsMessage.Quality(renderer.quality))
    }
}
