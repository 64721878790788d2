import Foundation
import ProgramHarness
import Testing

/// The page /docs, which shows the server's description of itself. Its server draws little: nobody looks.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct DocsPageTests {
    private struct Described: Decodable {
        let paths: [String: [String: Ignored]]
    }

    private struct Spoken: Decodable {
        struct Components: Decodable { let messages: [String: Ignored] }
        let components: Components
    }

    private struct Ignored: Decodable {
        init(from decoder: any Decoder) {}
    }

    private func answer<Value: Decodable>(_ path: String, of server: URL) async throws -> Value {
        let answer = try await LoopbackHTTP.request("GET", server.appendingPathComponent(path))
        return try JSONDecoder().decode(Value.self, from: answer.body)
    }

    @Test("Every method of every path and every message is shown, found and opened; the page asks the server")
    func shows() async throws {
        let (server, process) = try await Dashboard.serve(arguments: ["--size", "320x180", "--fps", "10"])
        let browser = try await WebDriver.start(width: 1280, height: 900)
        do {
            let described: Described = try await answer("openapi.json", of: server)
            let spoken: Spoken = try await answer("asyncapi.json", of: server)
            let methods: Set = ["get", "post", "put", "delete"]
            let operations = described.paths.values.reduce(0) { $0 + $1.keys.count { methods.contains($0) } }
            let wanted = operations + spoken.components.messages.count

            try await browser.open(server.appendingPathComponent("docs"))
            let shown = try await poll(within: .seconds(20)) {
                let count: Int = try await browser.run("return document.querySelectorAll('.entry').length")
                return count > 0 ? count : nil
            }
            #expect(shown == wanted)
            _ = try await browser.run(
                "for (const entry of document.querySelectorAll('.entry')) entry.open = true; return 0;", as: Int.self)
            let opened = try await poll(within: .seconds(10)) {
                let count: Int = try await browser.run(
                    """
                    return [...document.querySelectorAll(".entry")]
                      .filter((entry) => entry.querySelector(".body")?.textContent).length;
                    """)
                return count == wanted ? true : nil
            }
            #expect(opened == true)
            let found: [String] = try await browser.run(
                """
                const find = document.getElementById("find");
                find.value = "another scene";
                find.dispatchEvent(new Event("input"));
                return [...document.querySelectorAll("#contents li:not([hidden]) > a[data-words]")]
                  .filter((link) => link.checkVisibility()).map((link) => link.getAttribute("href"));
                """)
            #expect(found == ["#showScene"])
            try await browser.click("#health .ask")
            let told = try await poll(within: .seconds(10)) {
                try await browser.text("#health .ask + pre").contains("soundlab-phi-matrix") ? true : nil
            }
            #expect(told == true)
            #expect(try await browser.consoleErrors() == [])
        } catch {
            await browser.stop()
            await process.stop()
            throw error
        }
        await browser.stop()
        await process.stop()
    }
}
