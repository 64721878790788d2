import Foundation
import NIOCore
import ProgramHarness
import Synchronization
import Testing

@testable import ServerProbe

@Suite("serve with pushed states", .serialized)
struct PushTests {
    private struct Engine {
        let accepted: Int
        let refused: Int
        let detail: String?
    }

    private func json(_ path: String, _ url: URL) async throws -> [String: Any] {
        let answer = try await LoopbackHTTP.request("GET", url.appending(path: path))
        return try #require(try JSONSerialization.jsonObject(with: answer.body) as? [String: Any])
    }

    private func engine(_ url: URL) async throws -> Engine {
        let answer = try await json("api/engine", url)
        let counts = try #require(answer["counts"] as? [String: Int])
        return Engine(
            accepted: counts["accepted"] ?? -1, refused: counts["refused"] ?? -1, detail: answer["detail"] as? String)
    }

    /// Whether the state that is drawn comes to have this figure.
    private func shows(_ ici: Double, _ url: URL) async throws -> Bool {
        try await poll(within: .seconds(5), every: .milliseconds(20)) {
            let shown = try await json("api/chromatic/state", url)["ici"] as? Double
            return abs((shown ?? -1) - ici) < 1e-6 ? true : nil
        } ?? false
    }

    private func socket(_ url: URL) throws -> ProbeSocket {
        ProbeSocket(server: try ProbedServer(url.absoluteString), path: "/ws/state")
    }

    @Test("240 states a second are taken, none is lost, and the newest is shown; so are bursts")
    func rate() async throws {
        try await withProgram { program in
            let (server, url) = try await program.serve(["--size", "64x64", "--engine", "push"])
            let count = 1_200
            let answers = Atomic<Int>(0), milliseconds = Atomic<Int>(0)
            try await socket(url).run(
                seconds: 5.6,
                opened: { speaker in
                    let start = ContinuousClock.now
                    for n in 1...count {
                        try await Task.sleep(until: start + .nanoseconds(n * 1_000_000_000 / 240), tolerance: .zero)
                        try await speaker.say(
                            #"{"ici": \#(Double(n) / Double(count + 1)), "timestamp": \#(unixNow())}"#)
                    }
                    let passed = (ContinuousClock.now - start) / .milliseconds(1)
                    milliseconds.store(Int(passed), ordering: .relaxed)
                }
            ) { _, _ in answers.add(1, ordering: .relaxed) }
            let after = try await engine(url)
            #expect(after.accepted == count && after.refused == 0 && answers.load(ordering: .relaxed) == 0)
            #expect(try await shows(Double(count) / Double(count + 1), url))
            let seconds = Double(milliseconds.load(ordering: .relaxed)) / 1_000
            #expect(seconds >= 4.9 && seconds < 5.6, "\(seconds) s")
            if Machine.isLong {
                print("pushed: \(count) states in \(seconds) s, \(after.accepted) accepted, \(after.refused) refused")
            }

            try await socket(url).run(
                seconds: 0.6,
                opened: { speaker in
                    for n in 1...300 { try await speaker.say(#"{"ici": \#(Double(n) / 400)}"#) }
                }
            ) { _, _ in answers.add(1, ordering: .relaxed) }
            #expect(try await engine(url).accepted == count + 300)
            #expect(try await shows(0.75, url))
            await server.stop()
        }
    }

    private static let bad = [
        ("{\"ici\": 0.", "valid JSON"), ("", "valid JSON"), ("[]", "cannot be used"), (#"{"ici": "NaN"}"#, "ici"),
        (#"{"ici": NaN}"#, "valid JSON"), (#"{"ici": {"a": 1}}"#, "ici"),
        (#"{"phases": [1,2,3,4,5,6,7,8,9]}"#, "has 9 entries; give 8"), (#"{"channels": []}"#, "has 0 entries; give 8"),
        (#"{"coupling": [[1]]}"#, "coupling has 1 entries"), (#"{"weather": "fine"}"#, "no field of a state"),
        (#"{"ici": 0.1, "timestamp": 5}"#, "before the last sample's"),
        (String(repeating: "[", count: 50_000), "valid JSON"),
    ]

    @Test("what cannot be used is counted and answered in plain words, seldom; it stops nothing")
    func hostile() async throws {
        try await withProgram { program in
            let (server, url) = try await program.serve(["--size", "64x64", "--engine", "push"])
            func post(_ body: String) async throws -> (status: Int, text: String) {
                let answer = try await LoopbackHTTP.request(
                    "POST", url.appending(path: "api/state"), body: Data(body.utf8))
                return (answer.status, String(decoding: answer.body, as: UTF8.self))
            }
            #expect(try await post(#"{"ici": 0.25, "timestamp": 1000}"#).status == 200)
            for (body, words) in Self.bad {
                let answer = try await post(body)
                #expect(answer.status == 400 && answer.text.contains(words), "\(body.prefix(60)): \(answer.text)")
            }
            #expect(try await post(String(repeating: " ", count: 10 << 20)).status == 413)
            #expect(try await engine(url).refused == Self.bad.count)
            #expect(try await shows(0.25, url))

            let answers = Mutex<[String]>([])
            try await socket(url).run(
                seconds: 2,
                opened: { speaker in
                    for round in 0..<20 {
                        for (body, _) in Self.bad { try await speaker.say(body) }
                        try await speaker.say(
                            #"{"ici": \#(0.3 + Double(round) / 100), "timestamp": \#(1_001 + round)}"#)
                        try await Task.sleep(for: .milliseconds(60))
                    }
                }
            ) { message, _ in
                if case .text(let text) = message { answers.withLock { $0.append(String(buffer: text)) } }
            }
            let after = try await engine(url)
            #expect(after.refused == 21 * Self.bad.count && after.accepted == 21, "\(after)")
            #expect(try await shows(0.49, url))
            let said = answers.withLock { $0 }
            #expect(said.count > 1 && said.count <= 6, "\(said)")
            for answer in said { #expect(answer.contains("The state cannot be used: ")) }

            // More than can be taken: the connection ends with a reason, and the next one is welcome.
            for (code, count, text) in [
                (4015, 1, String(repeating: "x", count: 10 << 20)), (4029, 10_000, #"{"ici": 0.5}"#),
            ] {
                var ending = ""
                do {
                    try await socket(url).run(
                        seconds: 5, opened: { speaker in for _ in 0..<count { try? await speaker.say(text) } },
                        { _, _ in })
                } catch { ending = "\(error)" }
                #expect(ending.contains("code \(code)"), "\(ending)")
            }
            #expect(try await post(#"{"ici": 0.125, "timestamp": 2000}"#).status == 200)
            #expect(try await shows(0.125, url))
            #expect(try await LoopbackHTTP.request("GET", url.appending(path: "healthz")).status == 200)

            // A sender that sends nothing but nonsense is told of where people look.
            let isTold = try await poll(within: .seconds(10)) {
                _ = try await post("nonsense")
                let ready = try await LoopbackHTTP.request("GET", url.appending(path: "readyz"))
                let text = String(decoding: ready.body, as: UTF8.self)
                return ready.status == 503 && text.contains("What is pushed cannot be used: is no valid JSON")
                    ? true : nil
            }
            #expect(isTold == true)
            let outcome = try #require(await server.stop())
            #expect(outcome.status == 0)
            let lines = outcome.errors.split(separator: "\n").filter { $0.contains("cannot be used") }
            #expect(lines.count <= 3, "\(lines)")
        }
    }
}
