import FrameCodec
import Handoff
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

extension ServerRouter {
    /// `/stream.mjpg`: for players without WebSocket. `?fps=` thins the stream.
    func addMultipartStream(_ environment: RouteEnvironment) {
        get("/stream.mjpg") { request, context in
            guard let choice = environment.hub.choose(StreamWish(codecs: ["jpeg"])) else {
                throw HTTPFailure(.serviceUnavailable, "This server encodes no JPEG.")
            }
            var rate = Double(environment.ports.renderer.description.targetFPS)
            if let wanted = request.uri.queryParameters["fps"] {
                guard let number = Double(wanted), StreamRequest.rates.contains(number) else {
                    throw HTTPFailure(.badRequest, "fps must be a number from 1 to 240.")
                }
                rate = min(rate, number)
            }
            let headers: HTTPFields = [
                .contentType: "multipart/x-mixed-replace; boundary=\(MultipartStream.boundary)",
                .cacheControl: "no-store", .connection: "close",
            ]
            // A request for the headers alone takes no place.
            guard request.method == .get else { return Response(status: .ok, headers: headers) }
            guard let admission = environment.admissions.admit(context.channel.remoteAddress, isWebSocket: false) else {
                throw HTTPFailure(
                    .serviceUnavailable, "All places for viewers are taken; try again in a few seconds.",
                    headers: [.retryAfter: "5"])
            }
            context.channel.closeFuture.whenComplete { _ in admission.end() }
            let stream = MultipartStream(
                stream: choice.stream, hub: environment.hub, channel: context.channel, framesPerSecond: rate,
                stallLimit: environment.timings.stall)
            return Response(
                status: .ok, headers: headers, body: ResponseBody { writer in try await stream.write(to: &writer) })
        }
    }
}

/// Writes frames as parts of one endless answer.
struct MultipartStream: Sendable {
    static let boundary = "phi-frame"

    let stream: EncodedStream
    let hub: FrameHub
    let channel: any Channel
    let framesPerSecond: Double
    let stallLimit: TimeAmount

    func write(to writer: inout any ResponseBodyWriter) async throws {
        let slot = LatestSlot<FrameDelivery>()
        channel.closeFuture.whenComplete { _ in slot.end() }
        let viewer = try await channel.eventLoop.submit {
            let viewer = MultipartViewer(
                stream: stream, hub: hub, channel: channel, slot: slot, framesPerSecond: framesPerSecond,
                stallLimit: stallLimit)
            viewer.join()
            return NIOLoopBound(viewer, eventLoop: channel.eventLoop)
        }.get()
        defer { channel.eventLoop.execute { viewer.value.leave() } }
        while let delivery = await slot.next() {
            try await writer.write(contentsOf: [Self.partHead(delivery), delivery.frame.payload, Self.partEnd])
            delivery.recordSent(viewers: 1, in: hub.statistics)
        }
        try await writer.finish(nil)
    }

    private static let partEnd = ByteBuffer(string: "\r\n")

    private static func partHead(_ delivery: FrameDelivery) -> ByteBuffer {
        ByteBuffer(
            string: """
                --\(boundary)\r
                Content-Type: image/jpeg\r
                Content-Length: \(delivery.frame.payload.readableBytes)\r
                X-Phi-Frame: \(delivery.frame.info.sequence)\r
                \r

                """)
    }
}
