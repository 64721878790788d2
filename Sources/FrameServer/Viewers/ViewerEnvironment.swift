import FrameCodec
import Handoff
import Telemetry

/// What all viewers of a server share.
struct ViewerEnvironment: Sendable {
    let renderer: any RendererPort
    let product: String
    let tokens: AccessTokens
    let timings: ServerTimings

    func hello(_ hub: FrameHub) -> HelloMessage {
        let description = renderer.description
        return HelloMessage(
            server: product,
            streams: hub.streams.filter { $0.refusal == nil }.map {
                HelloMessage.Stream(
                    id: $0.id, codec: $0.codec, width: $0.width, height: $0.height, fps: $0.framesPerSecond)
            },
            codecs: hub.codecs,
            limits: HelloMessage.Limits(
                maxMessagesPerSecond: timings.messagesPerSecond, maxFps: description.targetFPS),
            clock: HelloMessage.Clock(
                monotonicUs: MonotonicClock.microseconds, unixMs: MonotonicClock.unixSeconds * 1_000))
    }

    func stats(
        _ figures: FrameFigures, stream: EncodedStream, format: StreamFormat?, hub: FrameHub
    ) -> StatsMessage {
        StatsMessage(
            stages: Dictionary(
                uniqueKeysWithValues: FrameStage.allCases.map {
                    ($0.rawValue, StatsMessage.Stage(figures.stages[$0]))
                }),
            latency: StatsMessage.Stage(figures.latency), drops: figures.drops,
            viewers: hub.viewerCount, codec: format?.codec ?? stream.codec, width: format?.width ?? stream.width,
            height: format?.height ?? stream.height, encoder: format?.encoder ?? "none",
            hardware: format?.isHardware ?? false, reason: Nullable(format?.reason),
            targetBitrate: stream.targetBitrate,
            limit: Nullable(stream.limit.map(StatsMessage.Limit.init)), device: renderer.description.device,
            quality: StatsMessage.Quality(renderer.quality))
    }
}
