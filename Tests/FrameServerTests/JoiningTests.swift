import Handoff
import Telemetry
import Testing

@testable import FrameServer

@Suite(.timeLimit(.minutes(1)))
struct JoiningTests {
    @Test("A viewer who joins gets the last frame at once where it is young")
    func joining() async throws {
        try await TestServer.run { server in
            server.hub.publish(makeFrame(5))
            let viewer = try await WebSocketClient.open(server, "/ws/frames?codec=jpeg")
            #expect(try await viewer.frame().frameNumber == 5)
            try await Task.sleep(for: .milliseconds(1_050))
            let late = try await WebSocketClient.open(server, "/ws/frames?codec=jpeg")
            #expect(await eventually { server.hub.viewerCount == 2 })
            server.hub.publish(makeFrame(6))
            #expect(try await late.frame().frameNumber == 6)
        }
    }

    @Test("A frame that was kept for a viewer who joins counts as sent, but its age is no latency")
    func joiningMeasuresNothing() async throws {
        try await TestServer.run { server in
            server.hub.publish(makeFrame(5))
            try await Task.sleep(for: .milliseconds(300))
            let viewer = try await WebSocketClient.open(server, "/ws/frames?codec=jpeg")
            #expect(try await viewer.frame().frameNumber == 5)
            let player = try await TestSocket.connect(server.port)
            try await player.send("GET /stream.mjpg HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(await eventually { server.statistics.snapshot().sentTotal == 2 })
            let figures = server.statistics.snapshot()
            #expect(figures.latency.count == 0)
            #expect(figures.stages[.queue]?.count == 0)
        }
    }
}
