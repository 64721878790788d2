import Handoff
import NIOCore
import Telemetry
import Testing

@testable import FrameServer

@Suite(.timeLimit(.minutes(1)))
struct SlowReaderTests {
    @Test("A viewer that reads nothing is closed after the stall limit, and disturbs nobody")
    func frozen() async throws {
        var timings = ServerTimings()
        timings.stall = .milliseconds(500)
        timings.housekeeping = .milliseconds(50)
        try await TestServer.run(timings: timings) { server in
            try await server.publishing(rate: 60, bytes: 40_000) {
                let frozen = try await WebSocketClient.open(server, "/ws/frames?codec=jpeg")
                try await frozen.socket.setReading(false)
                let healthy = try await WebSocketClient.open(server, "/ws/frames?codec=jpeg")
                #expect(await eventually { server.hub.viewerCount == 2 })
                let clock = ContinuousClock()
                let (begin, before) = (clock.now, server.statistics.snapshot().encodedTotal)
                var frames: UInt64 = 0
                while clock.now - begin < .seconds(2) {
                    _ = try await healthy.frame()
                    frames += 1
                }
                // A busy machine may replace some; behind a frozen neighbour nearly all would be missing.
                let published = server.statistics.snapshot().encodedTotal - before
                #expect(published > 20)
                #expect(frames * 10 > published * 7)
                #expect(server.hub.viewerCount == 1)
                #expect((server.statistics.snapshot().drops["slow_viewer"] ?? 0) > 0)
            }
        }
    }

    @Test("A stuck reader of the multipart stream is closed as well")
    func frozenMultipart() async throws {
        var timings = ServerTimings()
        timings.stall = .milliseconds(300)
        try await TestServer.run(timings: timings) { server in
            try await server.publishing(rate: 60, bytes: 40_000) {
                let socket = try await TestSocket.connect(server.port)
                try await socket.send("GET /stream.mjpg HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(await eventually { server.demand.isWanted })
                try await socket.setReading(false)
                #expect(await eventually { !server.demand.isWanted })
            }
        }
    }
}
