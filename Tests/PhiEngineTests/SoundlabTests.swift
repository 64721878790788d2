import Foundation
import Handoff
import NIOCore
import PhiModel
import Testing

@testable import PhiEngine

@Suite("Following a server")
struct SoundlabTests {
    @Test("addresses")
    func addresses() throws {
        let plain = try SoundlabAddress(parsing: "ws://studio.local:9000/")
        #expect(plain.host == "studio.local" && plain.port == 9_000 && plain.token == nil)
        #expect(try SoundlabAddress(parsing: "ws://127.0.0.1").port == 8_000)
        let six = try SoundlabAddress(parsing: "ws://[::1]:81?token=a=b")
        #expect(six.host == "::1" && six.port == 81 && six.token == "a=b" && six.authority == "[::1]:81")
        for text in [
            "", "ws://", "ws://:80", "http://h:1", "studio:9000", "ws://h:0", "ws://h:70000", "ws://h:x", "ws://a b:1",
            "ws://h:1/ws/metrics", "ws://user@h:1", "ws://[::1", "ws://h:1?key=2", "ws://h:1:2",
        ] { #expect(throws: EngineError.self, "\(text)") { try SoundlabAddress(parsing: text) } }
        var caught: EngineError?
        do { _ = try EngineSpecification(parsing: "soundlab:wss://h:1") } catch { caught = error as? EngineError }
        #expect(caught?.kind == .usage && caught?.description.contains("TLS") == true)
    }

    @Test("attempts come at a growing distance, up to ten seconds, and begin anew after success")
    func delays() {
        var generator = SystemRandomNumberGenerator()
        var delay = ReconnectDelay()
        for _ in 0..<2 {
            for n in 0..<12 {
                let plain = min(0.25 * Double(1 << min(n, 6)), 10)
                let next = delay.next(using: &generator)
                #expect(next >= 0.75 * plain - 1e-9 && next <= min(1.25 * plain, 10) + 1e-9)
            }
            delay.reset()
        }
    }

    @Test("of very many messages the newest alone is read")
    func flood() throws {
        let feed = SoundlabFeed(try SoundlabAddress(parsing: "ws://127.0.0.1:1"))
        feed.opened(.metrics)
        for n in 0..<100_000 {
            feed.received(metrics: ByteBuffer(string: n == 99_999 ? #"{"ici": 0.5, "timestamp": 7}"# : "nonsense"))
        }
        let sample = try #require(feed.take())
        #expect(sample.reading.state.ici == 0.5 && feed.take() == nil)
        #expect(abs(sample.taken - MonotonicClock.unixSeconds) < 5)
        #expect(
            feed.health
                == EngineHealth(
                    .running, counts: ["received": 100_000, "unreadable": 0, "connections": 1]))
        // The same sample once more, as where messages are more frequent than samples.
        feed.received(metrics: ByteBuffer(string: #"{"ici": 0.5, "timestamp": 7}"#))
        #expect(feed.take() == nil)
        feed.received(metrics: ByteBuffer(string: #"{"phases": [1]}"#))
        // One that cannot be used among others that can is told, and stops nothing.
        #expect(feed.take() == nil && feed.health.condition == .running)
        #expect(feed.health.detail?.contains("phases has 1 entries") == true)
        #expect(feed.health.counts["unreadable"] == 1)
        feed.closed(.metrics, because: "it is gone.")
        #expect(feed.health.detail?.contains("it is gone.") == true)
    }

    @Test("the dashboard says whether the server is paused, lends Φ, and sets the clock")
    func dashboard() throws {
        let feed = SoundlabFeed(try SoundlabAddress(parsing: "ws://127.0.0.1:1"))
        feed.opened(.metrics)
        let now = MonotonicClock.unixSeconds
        feed.received(
            dashboard: ByteBuffer(
                string: #"{"type":"pong","client_time":\#(now * 1_000),"server_time":\#((now - 50) * 1_000)}"#))
        feed.received(
            dashboard: ByteBuffer(
                string: #"{"type":"state_sync","server_time":1,"data":{"phi_depth":1.25,"is_playing":false}}"#))
        feed.received(metrics: ByteBuffer(string: #"{"ici": 0.5, "timestamp": \#(now - 51)}"#))
        let sample = try #require(feed.take())
        #expect(abs(sample.taken - (now - 1)) < 0.5)
        #expect(sample.reading.state.phi.depth == 1.25 && feed.health.detail?.contains("paused") == true)
        feed.closed(.dashboard, because: "")
        #expect(feed.health.detail == nil)
    }

    @Test("a server that is not there is told, and looked for until the engine ends")
    func absent() async throws {
        let source = LiveSource(following: try SoundlabAddress(parsing: "ws://127.0.0.1:1"))
        #expect(source.name == "soundlab:ws://127.0.0.1:1")
        for _ in 0..<1_000 where source.health.detail?.contains("nobody answers") != true {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(source.health.condition == .waiting && source.health.detail?.contains("nobody answers") == true)
    }
}
