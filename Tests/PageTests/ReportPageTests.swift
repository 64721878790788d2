import Foundation
import ProgramHarness
import Testing

/// The report of `phi-matrix verify` in a browser, as a person would use it.
@Suite("report.html", .serialized)
struct ReportPageTests {
    @Test("shows what failed; keys change the mode, the zoom and the case; the command is there to be copied")
    func report() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "report-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let manifest = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Goldens/manifest.json").path
        // With another seed the pictures of the synthetic engine differ from their golden pictures.
        let verify = try ChildProcess(
            try Programs.phiMatrix(),
            [
                "verify", "--manifest", manifest, "--seed", "2", "--case", "topology-deep-*", "--case", "matrix-silent",
                "--report", folder.path,
            ])
        let outcome = try await verify.finished(within: .seconds(120))
        #expect(outcome.status == 1, "\(outcome.errors)")

        let browser = try await WebDriver.start(width: 1280, height: 900)
        do {
            try await use(browser, folder.appending(path: "report.html"))
        } catch {
            await browser.stop()
            throw error
        }
        await browser.stop()
    }

    private func use(_ browser: WebDriver, _ page: URL) async throws {
        try await browser.open(page)
        let list: String = try await browser.run("return document.body.innerText")
        #expect(list.contains("1 of 3 cases passed"))
        #expect(list.contains("topology-deep-12s") && list.contains("topology-deep-47_25s"))
        #expect(!list.contains("matrix-silent"), "What passed is not what one comes for.")

        _ = try await browser.run("location.hash = 'topology-deep-12s'; return true", as: Bool.self)
        func pressed() async throws -> [String] {
            try await browser.run(
                "return [...document.querySelectorAll('button[aria-pressed=true]')].map(b => b.innerText.trim())")
        }
        func mode(_ name: String) async throws -> Bool { try await pressed().contains { $0.contains(name) } }
        _ = try await poll(within: .seconds(5), every: .milliseconds(50)) { try await mode("Actual") ? true : nil }
        for (key, name) in [("2", "Expected"), ("5", "FLIP"), ("6", "Difference"), ("1", "Actual")] {
            try await browser.type(key)
            let now = try await pressed()
            #expect(now.contains { $0.contains(name) }, "key \(key): \(now)")
        }
        #expect(try await mode("Fit"))
        try await browser.type("+")
        #expect(try await !mode("Fit"), "It is larger than it was.")
        let detail: String = try await browser.run("return document.body.innerText")
        #expect(detail.contains("phi-matrix verify approve --manifest"))
        #expect(detail.contains("--case topology-deep-12s"))
        #expect(detail.contains("FLIP"))
        try await browser.type("j")
        let hash: String = try await browser.run("return location.hash")
        #expect(hash == "#topology-deep-47_25s")
        #expect(try await browser.consoleErrors().isEmpty)
    }
}
