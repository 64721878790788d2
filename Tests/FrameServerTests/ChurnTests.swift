import Handoff
import Testing

@testable import FrameServer

@Suite(.timeLimit(.minutes(3)))
struct ChurnTests {
    @Test("Ten thousand joins and leaves of every kind leave nothing behind")
    func joinsAndLeaves() async throws {
        let limits = ServerConfiguration.Limits(connections: 300)
        try await TestServer.run(limits: limits) { server in
            try await server.publishing {
                // Whatever is made once is made by then.
                try await churn(server, 2_000)
                let (resident, descriptors) = (ProcessFigures.residentBytes, ProcessFigures.descriptors)
                try await churn(server, 8_000)
                #expect(await eventually(within: .seconds(10)) { ProcessFigures.descriptors <= descriptors })
                let grown = ProcessFigures.residentBytes - resident
                #expect(grown < 8 << 20, "\(grown) bytes after 8000 joins")
                if TestLength.isLong { print("grown by \(grown) bytes over 8000 joins, from \(resident)") }
                // Had places been lost, there would be none left.
                for _ in 0..<20 { _ = try await WebSocketClient.open(server, "/ws/frames?codec=jpeg").frame() }
            }
        }
    }

    private func churn(_ server: TestServer, _ count: Int) async throws {
        let port = server.port
        let statuses = try await onThreads(6, count: count) { n in try Self.joinAndLeave(port, n) }
        #expect(statuses.count { $0 == 101 } == count * 3 / 5)
        #expect(statuses.count { $0 == 404 } == count / 5)
        #expect(await eventually(within: .seconds(10)) { server.hub.viewerCount == 0 && !server.demand.isWanted })
    }

    /// The status that was answered; 0 where the client did not wait for it.
    private static func joinAndLeave(_ port: Int, _ n: Int) throws -> Int {
        let connection = try RawConnection(port)
        let kind = n % 5
        let path = kind == 1 ? "/ws/nothing" : n % 2 == 0 ? "/ws/frames?codec=jpeg" : "/ws/frames"
        let request = Array(RawConnection.handshake(port, path).utf8)
        if kind == 0 {
            // Gone in the midst of it, or before the answer.
            connection.send(request.prefix(n % 4 < 2 ? 40 : request.count))
            if n % 3 == 0 { connection.makeAbrupt() }
            return 0
        }
        connection.send(request)
        let answer = String(decoding: connection.receive(), as: UTF8.self)
        switch kind {
        case 2: connection.makeAbrupt()
        case 3:
            // A close with code 1000, masked with zeros; the server closes behind its answer.
            connection.send([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8])
            _ = connection.receiveAll()
        default: break
        }
        return answer.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? -1
    }
}
