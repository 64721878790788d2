import NIOCore
import NIOHTTP1
import Telemetry
import Testing

@testable import FrameServer

@Suite("How many requests an address may make")
struct RequestRateTests {
    private let registry = PrometheusRegistry()
    private let far: SocketAddress
    private let other: SocketAddress
    private let home: SocketAddress

    init() throws {
        far = try SocketAddress(ipAddress: "192.0.2.1", port: 1)
        other = try SocketAddress(ipAddress: "192.0.2.2", port: 1)
        home = try SocketAddress(ipAddress: "127.0.0.1", port: 1)
    }

    /// How many of `count` requests are let through at this moment, µs.
    private func allowed(_ rate: RequestRate, _ address: SocketAddress, _ count: Int, at now: UInt64) -> Int {
        (0..<count).filter { _ in rate.allows(address, at: now) }.count
    }

    @Test(
        "four seconds' worth at once, then as many as a second brings; each address by itself, and loopback not at all")
    func bucket() {
        let rate = RequestRate(perSecond: 10, registry: registry)
        #expect(allowed(rate, far, 100, at: 1_000_000) == 40)
        #expect(allowed(rate, other, 100, at: 1_000_000) == 40)
        #expect(allowed(rate, home, 100, at: 1_000_000) == 100)
        #expect(allowed(rate, far, 100, at: 1_500_000) == 5)
        #expect(allowed(rate, far, 100, at: 100_000_000) == 40)
        // A clock that goes back gives nothing away.
        #expect(allowed(rate, far, 100, at: 50_000_000) == 0)
        #expect(registry.render().contains("soundlab_requests_refused_total 375"), "\(registry.render())")
    }

    @Test("another rate holds from then on")
    func update() {
        let rate = RequestRate(perSecond: 10, registry: registry)
        _ = allowed(rate, far, 100, at: 0)
        rate.update(perSecond: 100)
        #expect(allowed(rate, far, 200, at: 1_000_000) == 100)
    }

    @Test("addresses without number do not fill the memory")
    func manyAddresses() throws {
        let rate = RequestRate(perSecond: 10, registry: registry)
        var most = 0
        for (pause, count) in [(1_000, 30_000), (1, 30_000)] as [(UInt64, Int)] {
            for n in 0..<count {
                let address = try SocketAddress(ipAddress: "10.\(n >> 16).\(n >> 8 & 255).\(n & 255)", port: 1)
                #expect(rate.allows(address, at: 1_000_000_000 + UInt64(n) * pause))
                most = max(most, rate.addressCount)
            }
        }
        #expect(most <= 10_001)
    }

    @Test("an upgrade of an address that makes too many is refused with 429 and Retry-After")
    func upgrade() throws {
        let policy = UpgradePolicy(
            rate: RequestRate(perSecond: 1, registry: registry), origins: OriginPolicy(allowed: []),
            tokens: AccessTokens(host: "::1", auth: nil, view: nil),
            admissions: AdmissionControl(limits: .init(connectionsPerAddress: 100)),
            headers: SecurityHeaders(isSecure: false), audit: nil)
        let head = HTTPRequestHead(
            version: .http1_1, method: .GET, uri: "/ws/metrics",
            headers: [
                "Host": "x", "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": "a",
                "Sec-WebSocket-Version": "13",
            ])
        var refused = 0
        for _ in 0..<10 {
            guard case .refuse(let status, _, let headers) = policy.decide(head, from: far) else { continue }
            #expect(status == .tooManyRequests && headers.contains { $0 == ("Retry-After", "1") })
            refused += 1
        }
        #expect(refused == 6)
    }
}
