import Foundation
import Glibc
import NIOCore
import ProgramHarness
import Synchronization
import Testing

@testable import ServerProbe

@Suite("serve with states from elsewhere", .serialized)
struct LiveEngineTests {
    private func push(_ json: String, _ url: URL) async throws -> LoopbackHTTP.Answer {
        try await LoopbackHTTP.request("POST", url.appending(path: "api/state"), body: Data(json.utf8))
    }

    /// Pushes until the server at `seen` shows a depth of Φ that was pushed; whether it came to that.
    private func shows(_ depth: Double, _ seen: URL, pushing url: URL) async throws -> Bool {
        try await poll(within: .seconds(40), every: .milliseconds(50)) {
            #expect(
                try await push(#"{"phi_mode": "manual", "phi_depth": \#(depth), "phi_phase": 1}"#, url).status == 200)
            let page = try await LoopbackHTTP.request("GET", seen.appending(path: "metrics"))
            let value = String(decoding: page.body, as: UTF8.self)
                .firstMatch(of: /(?m)^soundlab_phi_depth ([\d.]+)/).flatMap { Double($0.1) }
            return abs((value ?? -1) - depth) < 0.001 ? true : nil
        } ?? false
    }

    private func readiness(_ url: URL) async throws -> (status: Int, text: String) {
        let answer = try await LoopbackHTTP.request("GET", url.appending(path: "readyz"))
        return (answer.status, String(decoding: answer.body, as: UTF8.self))
    }

    @Test("what is pushed is shown; without states the server is not ready, and says why")
    func pushed() async throws {
        try await withProgram { program in
            let (server, url) = try await program.serve(["--size", "64x64", "--engine", "push"])
            let before = try await readiness(url)
            #expect(before.status == 503 && before.text.contains("No state has been pushed yet"))
            #expect(try await shows(1.25, url, pushing: url))
            let isReady = try await poll(within: .seconds(20)) {
                _ = try await push(#"{"ici": 0.5}"#, url)
                return try await readiness(url).status == 200 ? true : nil
            }
            #expect(isReady == true)
            let refused = try await push(#"{"channels": []}"#, url)
            #expect(refused.status == 400)
            #expect(String(decoding: refused.body, as: UTF8.self).contains("channels has 0 entries; give 8"))
            let isTold = try await poll(within: .seconds(20)) {
                let now = try await readiness(url)
                return now.status == 503 && now.text.contains("for 2 s") ? true : nil
            }
            #expect(isTold == true)
            await server.stop()
        }
    }

    @Test("a server that is not for it refuses states")
    func synthetic() async throws {
        try await withProgram { program in
            let (server, url) = try await program.serve(["--size", "64x64"])
            let refused = try await push(#"{"ici": 0.5}"#, url)
            #expect(refused.status == 409 && String(decoding: refused.body, as: UTF8.self).contains("--engine push"))
            await server.stop()
        }
    }

    @Test("one server follows another, through its death and its return")
    func followed() async throws {
        try await withProgram { program in
            let (leader, url) = try await program.serve(["--size", "64x64", "--engine", "push"])
            let port = try #require(url.port)
            let (follower, seen) = try await program.serve([
                "--size", "64x64", "--engine", "soundlab:ws://127.0.0.1:\(port)",
            ])
            #expect(try await shows(1.25, seen, pushing: url))
            let answer = try await LoopbackHTTP.request("GET", seen.appending(path: "api/status"))
            #expect(String(decoding: answer.body, as: UTF8.self).contains("soundlab:ws://127.0.0.1:\(port)"))
            await leader.stop(signal: SIGKILL)
            let isTold = try await poll(within: .seconds(30)) {
                let now = try await readiness(seen)
                return now.status == 503 && now.text.contains("is not followed at present") ? true : nil
            }
            #expect(isTold == true)
            // What is shown comes to rest, and goes on breathing.
            var pictures: Set<Data> = []
            for _ in 0..<3 {
                let picture = try await LoopbackHTTP.request("GET", seen.appending(path: "snapshot.png"))
                #expect(picture.status == 200)
                pictures.insert(picture.body)
                try await Task.sleep(for: .milliseconds(500))
            }
            #expect(pictures.count == 3)
            let next = try program.start(["serve", "--port", "\(port)", "--size", "64x64", "--engine", "push"])
            _ = try await next.captured(/(http:\/\/[^\s]+\/)\n/, within: .seconds(20))
            #expect(try await shows(0.75, seen, pushing: url))
            let isReady = try await poll(within: .seconds(20)) {
                _ = try await push(#"{"ici": 0.5}"#, url)
                return try await readiness(seen).status == 200 ? true : nil
            }
            #expect(isReady == true)
            await next.stop()
            await follower.stop()
        }
    }

    /// A message of `/ws/metrics`.
    private struct Sample: Decodable {
        let timestamp: Double
        let latencyMs: Double
        let ici: Double
        let phaseCoherence: Double
        let criticality: Double
        let phiDepth: Double
        let phiPhase: Double
        /// When it came, Unix seconds.
        var arrival = 0.0

        private enum CodingKeys: String, CodingKey {
            case timestamp, latencyMs, ici, phaseCoherence, criticality, phiDepth, phiPhase
        }

        var figures: [Double] { [ici, phaseCoherence, criticality, phiDepth, phiPhase] }
    }

    private func samples(_ url: URL, seconds: Double) async throws -> [Sample] {
        let kept = Mutex<[Sample]>([])
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let socket = ProbeSocket(server: try ProbedServer(url.absoluteString), path: "/ws/metrics")
        try await socket.run(seconds: seconds) { message, _ in
            guard case .text(let text) = message else { return }
            var sample = try decoder.decode(Sample.self, from: Data(text.readableBytesView))
            sample.arrival = unixNow()
            kept.withLock { [sample] in $0.append(sample) }
        }
        return kept.withLock { $0 }
    }

    @Test("one server that follows another has its values at its times, and tells how old they are")
    func agreement() async throws {
        try await withProgram { program in
            let (leader, url) = try await program.serve(["--size", "64x64", "--fps", "20"])
            let (follower, seen) = try await program.serve([
                "--size", "64x64", "--fps", "20", "--engine", "soundlab:ws://127.0.0.1:\(try #require(url.port))",
            ])
            let isReady = try await poll(within: .seconds(20)) {
                try await readiness(seen).status == 200 ? true : nil
            }
            #expect(isReady == true)
            // The clock of the one is known to the other after a ping or two.
            try await Task.sleep(for: .seconds(2.2))
            async let there = samples(url, seconds: 2.6)
            async let here = samples(seen, seconds: 2.6)
            let (original, copies) = try await (there, here)
            #expect(original.count > 60 && copies.count > 60)
            var compared = 0, differing = 0
            var offsets: [Double] = [], errors: [Double] = []
            for copy in copies {
                let nearest = original.min { abs($0.timestamp - copy.timestamp) < abs($1.timestamp - copy.timestamp) }
                guard let nearest, abs(nearest.timestamp - copy.timestamp) < 0.004 else { continue }
                compared += 1
                offsets.append(abs(nearest.timestamp - copy.timestamp))
                if zip(nearest.figures, copy.figures).contains(where: { abs($0 - $1) > 1e-6 }) { differing += 1 }
            }
            #expect(compared > copies.count * 8 / 10, "\(compared) of \(copies.count)")
            #expect(differing <= compared / 50, "\(differing) of \(compared)")
            for sample in original + copies {
                errors.append(abs((sample.arrival - sample.timestamp) * 1_000 - sample.latencyMs))
            }
            #expect(errors.sorted()[errors.count / 2] < 5, "\(errors.sorted())")
            // What follows is later than what it follows, by less than two of its frames and two messages.
            func median(_ samples: [Sample]) -> Double { samples.map(\.latencyMs).sorted()[samples.count / 2] }
            let (one, other) = (median(original), median(copies))
            #expect(other > one && other < one + 150, "\(one) ms, \(other) ms")
            if Machine.isLong {
                print(
                    "followed: \(compared - differing) of \(compared) samples agree, times within",
                    "\((offsets.max() ?? 0) * 1_000) ms; age \(one) ms there, \(other) ms here")
            }
            await follower.stop()
            await leader.stop()
        }
    }
}
