import Foundation
import Handoff
import Logging
import NIOCore
import NIOWebSocket
import PhiModel
import Synchronization
import Testing

@testable import PhiEngine

@Suite("Following a server that misbehaves", .timeLimit(.minutes(2)))
struct HostileSoundlabTests {
    /// What a server does, and what is said of it.
    private struct Act: Sendable {
        let name: String
        let words: String
        /// Whether messages are counted that could not be read.
        var isCounted = false
        let conduct: FakeSoundlab.Conduct
    }

    private static func says(_ name: String, _ words: String, _ message: String) -> Act {
        Act(
            name: name, words: words, isCounted: true,
            conduct: .webSocket { peer in peer.repeatedly(every: .milliseconds(20)) { _ in peer.send(message) } })
    }

    private static let acts = [
        says("malformed JSON", "cannot be used: is no valid JSON", "{\"ici\": 0."),
        says("no JSON at all", "cannot be used", "Good morning."),
        says("an empty message", "cannot be used", ""),
        says("a list", "cannot be used", "[1, 2, 3]"),
        says("brackets without end", "cannot be used", String(repeating: "[", count: 100_000)),
        says("words for numbers", "cannot be used: ici", #"{"ici": "high"}"#),
        says("NaN as text", "cannot be used: ici", #"{"ici": "NaN"}"#),
        says("NaN as a number", "cannot be used: is no valid JSON", #"{"ici": NaN}"#),
        says("nine channels", "has 9 entries; give 8", #"{"phases": [1,2,3,4,5,6,7,8,9]}"#),
        says("no channels", "has 0 entries; give 8", #"{"channels": []}"#),
        says("nothing of a state", "has no field of a state", #"{"weather": "fine"}"#),
        says("the wrong sort of everything", "cannot be used", #"{"channels": {"phases": "x"}, "coupling": 7}"#),
        Act(
            name: "the same state for ever", words: "sends the same state again and again",
            conduct: .webSocket { peer in
                peer.repeatedly(every: .milliseconds(20)) { _ in peer.send(#"{"ici": 0.5, "timestamp": 7}"#) }
            }),
        Act(
            name: "a WebSocket on which nothing is said", words: "has sent no state for 2 s",
            conduct: .webSocket { _ in }),
        Act(
            name: "pictures in place of text", words: "has sent no state for 2 s",
            conduct: .webSocket { peer in
                peer.repeatedly(every: .milliseconds(20)) { _ in peer.send(.binary, ByteBuffer(repeating: 7, count: 99))
                }
            }),
        Act(
            name: "ten megabytes in one message", words: "a message is too long",
            conduct: .webSocket { $0.send(.text, ByteBuffer(repeating: 0x20, count: 10 << 20)) }),
        Act(
            name: "a WebSocket that ends at once", words: "it ended the connection",
            conduct: .webSocket { $0.channel.close(promise: nil) }),
        Act(name: "a connection that ends at once", words: "it ended the connection", conduct: .end),
        Act(name: "a server that never answers", words: "does not answer as a server does", conduct: .silence),
        Act(
            name: "something that is no HTTP", words: "does not answer as a server does",
            conduct: .bytes("220 mail\r\n\r\n")),
        Act(
            name: "a page in place of a WebSocket", words: "it answered with status 200",
            conduct: .bytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")),
        Act(
            name: "no places left", words: "all its places are taken",
            conduct: .bytes("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")),
    ]

    /// Good states, 50 a second.
    private static func good(_ ici: Double) -> FakeSoundlab.Conduct {
        .webSocket { peer in
            peer.repeatedly(every: .milliseconds(20)) { n in
                peer.send(#"{"ici": \#(ici), "timestamp": \#(1_000 + Double(n) / 50)}"#)
            }
        }
    }

    private func shown(_ consumer: TripleBuffer<TimedState>) -> Double {
        consumer.latest { sample, _ in sample.state.ici }
    }

    private func eventually(_ condition: () -> Bool) async throws -> Bool {
        for _ in 0..<2_000 {
            if condition() { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    private func following(
        _ conduct: FakeSoundlab.Conduct,
        _ body: (FakeSoundlab, EngineLoop, TripleBuffer<TimedState>, LineLog) async throws -> Void
    ) async throws {
        let server = try await FakeSoundlab(conduct)
        let log = LineLog()
        let consumer = TripleBuffer(TimedState())
        let loop = EngineLoop(
            source: LiveSource(following: try SoundlabAddress(parsing: "ws://127.0.0.1:\(server.port)")),
            consumers: [consumer], logger: Logger(label: "test") { _ in log })
        let running = Task { try await loop.run() }
        let result: Result<Void, any Error>
        do { result = .success(try await body(server, loop, consumer, log)) } catch { result = .failure(error) }
        running.cancel()
        _ = await running.result
        try await server.end()
        try result.get()
    }

    @Test("it is said in plain words, once, and what is good afterwards is shown")
    func acts() async throws {
        // All at once, because each takes a while.
        try await withThrowingDiscardingTaskGroup { group in
            for act in Self.acts { group.addTask { try await follow(act) } }
        }
    }

    private func follow(_ act: Act) async throws {
        try await following(act.conduct) { server, loop, consumer, log in
            let isSaid = try await eventually {
                let health = loop.summary.health
                return health.condition == .waiting && health.detail?.contains(act.words) == true
            }
            #expect(isSaid, "\(act.name): \(loop.summary.health)")
            #expect(!loop.isFresh, "\(act.name)")
            if act.isCounted { #expect(loop.summary.health.counts["unreadable"] ?? 0 > 0, "\(act.name)") }
            let isLogged = try await eventually { !log.lines.isEmpty }
            #expect(isLogged, "\(act.name)")
            server.change(to: Self.good(0.625))
            // However long it takes to look again.
            let isBack = try await eventually {
                loop.isFresh && shown(consumer) == 0.625
            }
            #expect(isBack, "\(act.name): \(loop.summary.health)")
            let lines = log.lines
            #expect(lines.count <= 2, "\(act.name): \(lines)")
            for line in lines { #expect(line.hasSuffix(".") && !line.contains("Error"), "\(act.name)") }
        }
    }

    @Test("ten thousand messages a second: all are counted, the newest is shown, and the engine is not busier for it")
    func flood() async throws {
        let flood = FakeSoundlab.Conduct.webSocket { peer in
            peer.repeatedly(every: .milliseconds(10)) { n in
                for k in 0..<100 {
                    let number = n * 100 + k
                    // Every second one cannot be read.
                    peer.send(
                        number % 2 == 1 ? "nonsense" : #"{"ici": 0.75, "timestamp": \#(1_000 + Double(number) * 1e-4)}"#
                    )
                }
                peer.send(#"{"ici": 0.75, "timestamp": \#(1_000 + Double(n * 100 + 100) * 1e-4)}"#)
            }
        }
        try await following(flood) { server, loop, consumer, log in
            let hasBegun = try await eventually { loop.publishedCount > 50 }
            #expect(hasBegun)
            let before = loop.summary.health.counts["received"] ?? 0, published = loop.publishedCount
            let start = ContinuousClock.now
            var fresh = 0
            for _ in 0..<20 {
                try await Task.sleep(for: .milliseconds(50))
                if loop.isFresh { fresh += 1 }
            }
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            let received = Double((loop.summary.health.counts["received"] ?? 0) - before) / seconds
            let rate = Double(loop.publishedCount - published) / seconds
            #expect(received > 5_000, "\(received) a second")
            #expect(rate > 10 && rate < 245, "\(rate) a second")
            #expect(fresh == 20 && loop.summary.health.condition == .running)
            #expect(shown(consumer) == 0.75)
            #expect(log.lines.count <= 1)
            if ProcessInfo.processInfo.environment["PHI_MATRIX_LONG_TESTS"] == "1" {
                print("\(Int(received)) messages a second are received, \(Int(rate)) states published")
            }
        }
    }

    @Test("a state now and then is shown when it comes; in between the engine waits, and says so")
    func rare() async throws {
        let rare = FakeSoundlab.Conduct.webSocket { peer in
            peer.repeatedly(every: .seconds(3)) { n in
                peer.send(#"{"ici": \#(n % 2 == 0 ? 0.25 : 0.5), "timestamp": \#(1_000 + n * 60)}"#)
            }
        }
        try await following(rare) { _, loop, consumer, _ in
            for ici in [0.25, 0.5] {
                let isShown = try await eventually { shown(consumer) == ici }
                #expect(isShown)
                let isFresh = try await eventually { loop.isFresh }
                #expect(isFresh)
                let isOld = try await eventually { !loop.isFresh }
                #expect(isOld)
                #expect(loop.summary.health.detail?.contains("has sent no state for 2 s") == true)
            }
            #expect(loop.summary.health.counts["connections"] == 1)
        }
    }

    @Test("a clock that runs backwards, jumps, or is no clock at all stops nothing")
    func clocks() async throws {
        let times = ["1000", "999", "1e300", "-1e300", "0", "1e-300", "1700000000", "5"]
        let mad = FakeSoundlab.Conduct.webSocket { peer in
            peer.repeatedly(every: .milliseconds(20)) { n in
                let time = n < 100 ? "\(1_000 - Double(n))" : times[n % times.count]
                peer.send(#"{"ici": 0.5, "timestamp": \#(time)}"#)
            }
        }
        try await following(mad) { _, loop, consumer, _ in
            let hasBegun = try await eventually { loop.publishedCount > 30 }
            #expect(hasBegun)
            var count = loop.publishedCount
            for _ in 0..<4 {
                try await Task.sleep(for: .milliseconds(400))
                #expect(loop.isFresh && loop.publishedCount > count + 5)
                count = loop.publishedCount
                let state = consumer.latest { sample, _ in sample.state }
                #expect(state.time.isFinite && state.timestamp.isFinite && state.ici == 0.5)
                #expect(state.timestamp <= MonotonicClock.unixSeconds + 1)
            }
        }
    }
}

/// Keeps what is logged.
final class LineLog: LogHandler, Sendable {
    private let kept = Mutex<[String]>([])
    var lines: [String] { kept.withLock { $0 } }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .info }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(
        level: Logger.Level, message: Logger.Message, metadata: Logger.Metadata?, source: String, file: String,
        function: String, line: UInt
    ) {
        kept.withLock { $0.append("\(message)") }
    }
}

@Suite("Reports of an engine's health")
struct HealthReportTests {
    private static let well = EngineHealth(.running)

    private func bad(_ text: String) -> EngineHealth { EngineHealth(.waiting, text) }

    @Test("a trouble that stays is told once, and its end once")
    func once() {
        var report = HealthReport()
        var lines: [String] = []
        for n in 0..<10_000 {
            let time = Double(n) * 0.01
            let health = time < 1 ? Self.well : time < 60 ? bad("It is away.") : Self.well
            if let line = report.line(for: health, at: time) { lines.append("\(time) \(line.level) \(line.text)") }
        }
        #expect(lines == ["3.0 warning It is away.", "62.0 notice The engine runs again."], "\(lines)")
    }

    @Test("what is over within two seconds is not told")
    func brief() {
        var report = HealthReport()
        for n in 0..<1_000 {
            let health = n % 200 < 150 ? bad("It is being connected to.") : Self.well
            let line = report.line(for: health, at: Double(n) * 0.01)
            #expect(line == nil)
        }
    }

    @Test("however it changes, lines come ever more rarely; after a long quiet they come soon again")
    func rarely() {
        var report = HealthReport()
        var times: [Double] = []
        for n in 0..<36_000 {
            let time = Double(n) * 0.1
            let health = Int(time) / 3 % 2 == 0 ? bad("Message \(Int(time)) cannot be used.") : Self.well
            if report.line(for: health, at: time) != nil { times.append(time) }
        }
        // An hour of it.
        #expect(times.count > 5 && times.count < 14, "\(times)")
        for (later, earlier) in zip(times.dropFirst(), times) { #expect(later - earlier >= 10) }
        var quiet = 3_600.0
        while quiet < 6_000 {
            if report.line(for: Self.well, at: quiet) != nil { times.append(quiet) }
            quiet += 1
        }
        var told: Double?
        for n in 0..<100 where told == nil {
            if report.line(for: bad("Again."), at: 6_000 + Double(n) * 0.1) != nil { told = Double(n) * 0.1 }
        }
        #expect(told ?? 100 < 3)
    }
}
