import Testing

@testable import ServerProbe

@Suite struct FigureTests {
    @Test func quantilesAreByNearestRank() {
        let times = Latencies([5, 1, 4, 2, 3])
        #expect(times.quantile(0.5) == 3)
        #expect(times.quantile(0.99) == 5)
        #expect(times.quantile(0.2) == 1)
        #expect(times.least == 1)
        #expect(times.most == 5)
        #expect(times.mean == 3)
        #expect(Latencies().quantile(0.5) == nil)
    }

    @Test func theSlowestSecondIsFound() {
        // 10 a second, and a gap from 1.0 to 1.8.
        let times = (0..<10).map { Double($0) / 10 } + [1.85, 1.95] + (0..<10).map { 2 + Double($0) / 10 }
        #expect(MetricsStreamProbe.slowest(times, length: 3) == 2)
    }

    @Test(arguments: ["", "127.0.0.1:8000", "ftp://a", "http://", "http://a/b", "ws://a:1", "http://a?x=1"])
    func whatIsNoAddressIsRefused(_ text: String) {
        #expect(throws: ProbeError.badAddress(text)) { try ProbedServer(text) }
    }

    @Test func addressesAreTakenApart() throws {
        let plain = try ProbedServer("http://127.0.0.1:8123/")
        #expect(plain.port == 8_123)
        #expect(plain.authority == "127.0.0.1:8123")
        #expect(!plain.isEncrypted)
        let six = try ProbedServer("https://[::1]", token: "")
        #expect(six.port == 443)
        #expect(six.authority == "[::1]:443")
        #expect(six.isEncrypted)
        #expect(six.token == nil)
    }

    @Test func nobodyThereIsUnreachable() async throws {
        let server = try ProbedServer("http://127.0.0.1:1")
        await #expect(throws: ProbeError.unreachable("http://127.0.0.1:1", "nobody answers there")) {
            try await SmokeRun(server).run()
        }
        await #expect(throws: ProbeError.unreachable("http://127.0.0.1:1", "nobody answers there")) {
            _ = try await RoundTripProbe(server).run(seconds: 0.1)
        }
    }
}
