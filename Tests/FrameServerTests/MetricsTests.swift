import Foundation
import FrameCodec
import NIOCore
import PhiModel
import Telemetry
import Testing

@testable import FrameServer

@Suite(.timeLimit(.minutes(1)))
struct MetricsTests {
    @Test("The metrics stream runs at 30 Hz with all its fields, newest sample first")
    func stream() async throws {
        try await TestServer.run { server in
            let client = try await WebSocketClient.open(server, "/ws/metrics")
            _ = try await client.next()
            let clock = ContinuousClock()
            let begin = clock.now
            var last: [String: any Sendable] = [:]
            for _ in 0..<45 {
                guard case .text(let text) = try await client.next() else { continue }
                last = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: any Sendable] ?? [:]
            }
            let seconds = (clock.now - begin) / .seconds(1)
            #expect((1.2...2.4).contains(seconds), "45 messages took \(seconds) s, 1.5 are due")
            let fields = [
                "ici", "coherence", "phase_coherence", "criticality", "spectral_centroid", "consciousness_level",
                "state", "phi_phase", "phi_depth", "phi_breathing", "phi_source", "timestamp", "frame_id",
                "active_channels", "channel_metrics", "latency_ms", "cpu_load", "fps", "valid",
            ]
            for field in fields { #expect(last[field] != nil, "\(field)") }
            #expect(last["ici"] as? Double == 0.25)
            #expect(last["phi_depth"] as? Double == 0.75)
            #expect(last["phi_source"] as? String == "internal")
            let channels = try #require(last["channel_metrics"] as? [[String: any Sendable]])
            #expect(channels.count == 8)
            #expect(Set(channels[3].keys) == ["channel", "frequency", "amplitude", "phase", "active"])
            let age = Date().timeIntervalSince1970 - (last["timestamp"] as? Double ?? 0)
            #expect((-0.005...0.1).contains(age))
        }
    }

    @Test("A channel is active where it is heard, in the list as in the count")
    func activeChannels() {
        var state = EngineState()
        for k in state.channels.indices { state.channels[k].enabled = k != 2 }
        for k in state.channels.indices { state.channels[k].amplitude = k == 5 ? 0 : 0.5 }
        let message = MetricsMessage(state, framesPerSecond: 60, cpuPercent: 1, now: 0)
        #expect(message.activeChannels == 6)
        #expect(message.channelMetrics.filter { !$0.active }.map(\.channel) == [2, 5])
    }

    @Test("The scrape parses, and has every name of the contract with HELP and TYPE")
    func prometheus() async throws {
        try await TestServer.run { server in
            for n: UInt32 in 1...3 { server.statistics.recordRendered(makeFrame(n).info) }
            server.statistics.recordDropped(reason: "slow_viewer", count: 2)
            server.statistics.recordLatency(seconds: 0.02)
            let reply = try await server.request("/metrics")
            #expect(reply.headers["content-type"]?.hasPrefix("text/plain") == true)
            let scrape = try Scrape(reply.text)
            for name in [
                "soundlab_cpu_percent", "soundlab_memory_percent", "soundlab_memory_bytes", "soundlab_audio_running",
                "soundlab_metrics_clients", "soundlab_websocket_clients", "soundlab_websocket_latency_avg_ms",
                "soundlab_websocket_latency_max_ms", "soundlab_phi_depth", "soundlab_phi_phase",
                "soundlab_frames_per_second",
            ] {
                #expect(scrape.types[name] == "gauge", "\(name)")
                #expect(scrape.samples[name] != nil, "\(name)")
            }
            #expect(scrape.types["soundlab_frames_rendered_total"] == "counter")
            #expect(scrape.samples["soundlab_frames_rendered_total"] == 3)
            #expect(scrape.samples[#"soundlab_frames_dropped_total{reason="slow_viewer"}"#] == 2)
            #expect(scrape.types["soundlab_frame_stage_seconds"] == "histogram")
            #expect(scrape.samples[#"soundlab_frame_stage_seconds_bucket{stage="render",le="0.0025"}"#] == 0)
            #expect(scrape.samples[#"soundlab_frame_stage_seconds_bucket{stage="render",le="0.005"}"#] == 3)
            #expect(scrape.samples[#"soundlab_frame_stage_seconds_bucket{stage="render",le="+Inf"}"#] == 3)
            #expect(scrape.samples["soundlab_frame_latency_seconds_sum"] == 0.02)
            #expect(scrape.samples["soundlab_phi_depth"] == 0.75)
            #expect(scrape.samples["soundlab_audio_running"] == 1)
        }
    }
}

/// The text format, read strictly: every sample belongs to a family that was announced with HELP and TYPE before it.
private struct Scrape {
    struct Malformed: Error {
        let line: String
    }

    var types: [String: String] = [:]
    var samples: [String: Double] = [:]

    init(_ text: String) throws {
        var helped: Set<String> = []
        guard text.hasSuffix("\n") else { throw Malformed(line: "no newline at the end") }
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
            if line.hasPrefix("# HELP "), words.count == 4 {
                helped.insert(words[2])
            } else if line.hasPrefix("# TYPE "), words.count == 4 {
                guard helped.contains(words[2]), types[words[2]] == nil else { throw Malformed(line: String(line)) }
                types[words[2]] = words[3]
            } else {
                guard let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...]) else {
                    throw Malformed(line: String(line))
                }
                let sample = String(line[..<space])
                var family = String(sample.prefix { $0 != "{" })
                for suffix in ["_bucket", "_sum", "_count"] where types[family] == nil && family.hasSuffix(suffix) {
                    family.removeLast(suffix.count)
                }
                guard types[family] != nil, samples[sample] == nil else { throw Malformed(line: String(line)) }
                samples[sample] = value
            }
        }
    }
}
