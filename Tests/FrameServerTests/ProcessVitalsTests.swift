import Foundation
import Handoff
import Testing

@testable import FrameServer
@testable import Telemetry

@Suite(.timeLimit(.minutes(1)))
struct ProcessVitalsTests {
    @Test("The slope of memory is that of the line through what was measured after the warm-up")
    func slope() throws {
        let trend = MemoryTrend(warmUp: 100, window: 1_000, least: 60)
        // Caches fill.
        for second in 0..<100 { trend.add(bytes: UInt64(second) * 1_000_000, at: 5_000 + Double(second)) }
        #expect(trend.bytesPerHour == nil)
        for second in 100..<150 { trend.add(bytes: 200_000_000, at: 5_000 + Double(second)) }
        #expect(trend.bytesPerHour == nil)
        for second in 150..<400 {
            trend.add(bytes: second % 2 == 0 ? 200_000_000 : 200_004_096, at: 5_000 + Double(second))
        }
        #expect(abs(try #require(trend.bytesPerHour)) < 100_000)
        // A leak of 1,000 bytes a second, once the time before it is out of the window.
        for second in 400..<1_500 { trend.add(bytes: 200_000_000 + UInt64(second) * 1_000, at: 5_000 + Double(second)) }
        #expect(abs(try #require(trend.bytesPerHour) - 3_600_000) < 1)
    }

    @Test("Descriptors, processor time and the start of the process are the system's own figures")
    func vitals() throws {
        let before = ProcessVitals()
        let files = (0..<20).compactMap { _ in FileHandle(forReadingAtPath: "/dev/null") }
        let end = MonotonicClock.microseconds + 100_000
        var sum: UInt64 = 0
        while MonotonicClock.microseconds < end { sum &+= 1 }
        let after = ProcessVitals()
        // Other tests open and close some as well.
        #expect((10...40).contains(after.openDescriptors - before.openDescriptors), "\(sum)")
        #expect(after.cpuSeconds - before.cpuSeconds > 0.02)
        #expect(after.mostDescriptors >= 256)
        #expect(after.residentBytes > 1_000_000)
        let uptime = Date().timeIntervalSince1970 - after.startTime
        #expect((0...86_400).contains(uptime), "\(uptime)")
        for file in files { try file.close() }
    }

    @Test("The rate of sending is that of the beats, less what was left out")
    func rate() {
        let rate = SendingRate()
        let start: UInt64 = 90_000_000
        #expect(rate.perMember(at: start) == 0)
        for n: UInt64 in 0..<60 {
            let time = start + n * 33_333
            rate.beat(members: 4, at: time)
            rate.sent(4, at: time)
        }
        let end = start + 59 * 33_333
        #expect((29...31.5).contains(rate.perMember(at: end)))
        for n: UInt64 in 60..<120 {
            let time = start + n * 33_333
            rate.beat(members: 4, at: time)
            rate.sent(2, at: time)
        }
        #expect((14.5...16).contains(rate.perMember(at: end + 60 * 33_333)))
    }

    @Test("The scrape tells the process's figures, the places, and the rate that a client really gets")
    func scrape() async throws {
        try await TestServer.run(limits: .init(connections: 7)) { server in
            func sample(_ name: String) async throws -> Double? {
                let lines = try await server.request("/metrics").text.split(separator: "\n")
                return lines.first { $0.hasPrefix("\(name) ") }.flatMap { Double($0.dropFirst(name.count + 1)) }
            }
            for name in [
                "process_resident_memory_bytes", "process_cpu_seconds_total", "process_open_fds", "process_max_fds",
                "process_start_time_seconds", "soundlab_heap_bytes",
            ] {
                #expect(try await sample(name) ?? 0 > 0, "\(name)")
            }
            #expect(try await server.request("/metrics").text.contains("# TYPE process_cpu_seconds_total counter\n"))
            #expect(try await sample("soundlab_metrics_stream_hz")?.isNaN == true)
            #expect(try await sample("soundlab_memory_slope_bytes_per_hour")?.isNaN == true)
            #expect(try await sample("soundlab_connections") == 0)
            #expect(try await sample("soundlab_connections_limit") == 7)
            let client = try await WebSocketClient.open(server, "/ws/metrics")
            for _ in 0..<45 { _ = try await client.next() }
            #expect((25...33).contains(try #require(try await sample("soundlab_metrics_stream_hz"))))
            #expect(try await sample("soundlab_connections") == 1)
        }
    }
}
