import FrameCodec
import Handoff
import Logging
import NIOCore
import Telemetry
import Testing

@testable import FrameServer

@Suite(.timeLimit(.minutes(1)))
struct StartStopTests {
    private func makeServer(host: String = "127.0.0.1", port: Int) -> FrameServer {
        let registry = PrometheusRegistry()
        let hub = FrameHub(streams: [], statistics: FrameStatistics(registry: registry))
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return FrameServer(
            configuration: ServerConfiguration(host: host, port: port, build: TestServer.build),
            ports: ServerPorts(
                renderer: FakeRenderer(), engine: FakeEngine(), snapshots: FakeSnapshots(), presets: FakePresets(),
                recorder: FakeRecorder(), outputs: FakeOutputs()),
            hub: hub,
            registry: registry, logger: logger)
    }

    @Test("A port in use is an error with a sentence")
    func portInUse() async throws {
        try await TestServer.run { server in
            let second = makeServer(port: server.port)
            let error = await #expect(throws: ServerError.self) { try await second.bind() }
            #expect(error == .portInUse(host: "127.0.0.1", port: server.port))
            #expect(
                error?.description == """
                    Port \(server.port) on 127.0.0.1 is in use by another program; \
                    stop it or choose another with --port.
                    """)
            await #expect(throws: ServerError.self) { try await second.run() }
        }
    }

    @Test("An address of another machine is an error with a sentence")
    func foreignAddress() async throws {
        let server = makeServer(host: "192.0.2.77", port: 0)
        let error = await #expect(throws: ServerError.self) { try await server.bind() }
        #expect(error == .addressUnknown(host: "192.0.2.77"))
    }

    @Test("Shutdown tells every viewer, and is done in two seconds even where one reads nothing")
    func shutdown() async throws {
        let clock = ContinuousClock()
        let began = try await TestServer.run { server in
            let stuck = try await WebSocketClient.open(server, "/ws/frames?codec=jpeg")
            try await stuck.socket.setReading(false)
            let stuckPlayer = try await TestSocket.connect(server.port)
            try await stuckPlayer.send("GET /stream.mjpg HTTP/1.1\r\nHost: x\r\n\r\n")
            try await stuckPlayer.setReading(false)
            try await server.publishing(rate: 60, bytes: 60_000) { try await Task.sleep(for: .milliseconds(300)) }
            let frames = try await WebSocketClient.open(server, "/ws/frames?codec=jpeg")
            let metrics = try await WebSocketClient.open(server, "/ws/metrics")
            let player = try await TestSocket.connect(server.port)
            try await player.send("GET /stream.mjpg HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try await player.readHead()
            let idle = try await TestSocket.connect(server.port)
            try await idle.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try await idle.readHead()
            let began = clock.now
            await server.shutDown()
            #expect(await frames.closeCode() == 1001)
            #expect(await metrics.closeCode() == 1001)
            #expect(String(decoding: await player.readToEnd().readableBytesView, as: UTF8.self).hasSuffix("0\r\n\r\n"))
            _ = await idle.readToEnd()
            return began
        }
        #expect(clock.now - began < .seconds(2))
    }
}
