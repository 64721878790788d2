import NIOCore
import NIOHTTP1
import NIOPosix
import Telemetry
import Testing

@testable import FrameServer

@Suite(.timeLimit(.minutes(1)))
struct UpgradeTests {
    private func upgrade(_ headers: String) -> String {
        """
        GET /ws/frames HTTP/1.1\r
        Host: x\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        Sec-WebSocket-Version: 13\r
        \(headers)\r
        \r

        """
    }

    @Test(
        "An upgrade that announces a body is refused and holds no place",
        arguments: ["Content-Length: 1", "Transfer-Encoding: chunked"])
    func body(_ header: String) async throws {
        try await TestServer.run(limits: .init(connections: 1)) { server in
            let socket = try await TestSocket.connect(server.port)
            try await socket.send(upgrade(header))
            #expect(try await socket.readHead().status == 400)
            #expect(String(buffer: await socket.readToEnd()).contains("body"))
            _ = try await WebSocketClient.open(server, "/ws/frames")
        }
    }

    @Test("A length of zero is no body")
    func emptyBody() async throws {
        try await TestServer.run { server in
            let socket = try await TestSocket.connect(server.port)
            try await socket.send(upgrade("Content-Length: 0"))
            #expect(try await socket.readHead().status == 101)
        }
    }

    @Test("An accepted upgrade whose request does not end is closed when its time is up, and its place is free again")
    func endless() async throws {
        let admissions = AdmissionControl(limits: .init(connections: 1))
        let policy = UpgradePolicy(
            rate: RequestRate(perSecond: 50, registry: PrometheusRegistry()), origins: OriginPolicy(allowed: []),
            tokens: AccessTokens(host: "::1", auth: nil, view: nil),
            admissions: admissions, headers: SecurityHeaders(isSecure: false),
            audit: nil)
        let head = HTTPRequestHead(
            version: .http1_1, method: .GET, uri: "/ws/metrics",
            headers: [
                "Host": "x", "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": "a",
                "Sec-WebSocket-Version": "13",
            ])
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        UpgradeGate(policy: policy, patience: .milliseconds(200)))
                    channel.pipeline.fireChannelRead(HTTPServerRequestPart.head(head))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let socket = try await TestSocket.connect(listener.localAddress?.port ?? 0)
        _ = await socket.readToEnd()
        #expect(await eventually { admissions.admit(nil) != nil })
        try await listener.close()
    }
}
