import Foundation
import ProgramHarness
import Testing

/// The page in a real browser, against a real server. One thing at a time: they share two cores with the renderer.
@Suite(.serialized)
enum PageTests {
    @Suite(.serialized, .dashboard)
    struct WhileItRuns {
        let page: Dashboard
        var browser: WebDriver { page.browser }

        init() throws { page = try Dashboard.current() }

        @Test("The picture moves")
        func pictureMoves() async throws {
            let first = try await browser.screenshot("#stage")
            try await Task.sleep(for: .seconds(1))
            let second = try await browser.screenshot("#stage")
            #expect(first != second)
        }

        @Test("The picture is no flat colour")
        func pictureIsNotBlank() async throws {
            let colours: Int = try await browser.run(
                """
                const small = Object.assign(document.createElement("canvas"), { width: 160, height: 90 });
                const context = small.getContext("2d");
                context.drawImage(document.getElementById("stage"), 0, 0, 160, 90);
                return new Set(new Uint32Array(context.getImageData(0, 0, 160, 90).data.buffer)).size;
                """)
            #expect(colours > 50)
        }

        @Test("At least 30 pictures a second are painted")
        func frameRate() async throws {
            var readout = ""
            let enough = try await poll(within: .seconds(20), every: .milliseconds(500)) {
                readout = try await browser.text("#fps")
                return Double(readout).map { $0 >= 30 } == true ? true : nil
            }
            #expect(enough == true, "The readout says \(readout) fps.")
        }

        @Test("The latency is a plausible number of milliseconds")
        func latency() async throws {
            let milliseconds = try await poll(within: .seconds(10)) { Double(try await browser.text("#latency")) }
            let value = try #require(milliseconds)
            #expect(value > 0 && value < 500)
        }

        @Test("The engine's figures move", arguments: ["#coherence", "#ici", "#phi-phase", "#phi-depth", "#channels"])
        func figuresMove(selector: String) async throws {
            let first = try await browser.text(selector)
            #expect(first.contains(/\d/))
            let moved = try await poll(within: .seconds(10)) {
                try await browser.text(selector) != first ? true : nil
            }
            #expect(moved == true, "\(selector) stays at \(first).")
        }

        @Test("The page names the state, the engine and the size of the picture")
        func names() async throws {
            let labels: Set = ["COMA", "SLEEP", "DROWSY", "AWAKE", "ALERT", "HYPERSYNC"]
            #expect(labels.contains(try await browser.text("#state")))
            #expect(try await browser.text("#engine") == page.status("engine"))
            #expect(try await browser.text("#device") == page.status("device"))
            #expect(try await browser.text("#resolution").contains(/^\d+ × \d+$/))
            #expect(try await browser.run("return document.querySelectorAll('#channels li').length") == 8)
        }

        @Test("A button and a key switch the scene")
        func sceneSwitch() async throws {
            try await browser.click("#scenes button[data-scene=topology]")
            try await expectScene("topology")
            try await browser.click("#scenes button[data-scene=spectral]")
            try await expectScene("spectral")
            let second: String = try await browser.run(
                "return document.querySelectorAll('#scenes button')[1].dataset.scene")
            try await browser.type("2")
            try await expectScene(second)
        }

        @Test("The key s shows and hides the statistics")
        func statistics() async throws {
            try await browser.type("s")
            let listed = try await poll(within: .seconds(5)) {
                try await browser.text("#stats").contains("Server") ? true : nil
            }
            #expect(listed == true)
            try await browser.type("s")
            #expect(try await browser.run("return document.getElementById('stats').hidden") == true)
        }

        @Test("A button and a key switch the figures in the picture")
        func hud() async throws {
            try await browser.click("#hud")
            try await expectHUD(true)
            try await browser.type("h")
            try await expectHUD(false)
        }

        @Test("The quality is chosen from a list, and left to the renderer")
        func quality() async throws {
            try await choose("2", "#quality")
            try await expectQuality(2, "fixed")
            try await choose("auto", "#quality")
            try await expectQuality(nil, "auto")
            // The renderer moves between levels meanwhile, so both are read anew each time.
            let shown = try await poll(within: .seconds(10)) {
                let level: Int? = try await page.status("quality")
                return try await selected("#quality") == level.map { "auto · \($0)" } ? true : nil
            }
            #expect(shown == true)
            try await choose("5", "#quality")
            try await expectQuality(5, "fixed")
        }

        @Test("A preset is chosen from a list")
        func preset() async throws {
            try await choose("minimal", "#preset")
            let loaded = try await poll(within: .seconds(5)) {
                try await page.status("preset_loaded") == "minimal" ? true : nil
            }
            #expect(loaded == true)
            #expect(try await selected("#preset") == "minimal")
        }

        @Test("What is typed into a list switches nothing else")
        func typingInList() async throws {
            try await browser.click("#scenes button[data-scene=topology]")
            try await expectScene("topology")
            let _: Bool = try await browser.run(
                """
                for (const key of ["1", "h", "s"]) {
                  document.getElementById("quality").dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
                }
                return true;
                """)
            try await Task.sleep(for: .milliseconds(300))
            try await expectScene("topology")
            #expect(try await page.status("hud_enabled") == false)
            #expect(try await browser.run("return document.getElementById('stats').hidden") == true)
        }

        @Test("The transition is sent along with the scene, and remembered")
        func transition() async throws {
            try await choose("dissolve", "#transition select:first-child")
            try await choose("1.5", "#transition select:last-child")
            let _: Bool = try await browser.run(
                """
                const real = window.fetch;
                window.fetch = (path, options) => {
                  if (path === "api/scene") window.sceneRequest = options.body;
                  return real(path, options);
                };
                return true;
                """)
            try await browser.click("#scenes button[data-scene=waveform]")
            try await expectScene("waveform")
            let sent: String = try await browser.run("return window.sceneRequest")
            #expect(sent == #"{"scene":"waveform","style":"dissolve","transition_s":1.5}"#)
            try await browser.open(page.page)
            let remembered = try await poll(within: .seconds(10)) {
                try await selected("#transition select:first-child") == "Dissolve" ? true : nil
            }
            #expect(remembered == true)
            #expect(try await selected("#transition select:last-child") == "1.5 s")
        }

        @Test("On a narrow screen the statistics lie under the picture")
        func narrow() async throws {
            try await browser.resize(width: 600, height: 844)
            try await browser.type("s")
            let gap: Double = try await browser.run(
                """
                const box = (id) => document.getElementById(id).getBoundingClientRect();
                return box("stats").top - box("stage").bottom;
                """)
            let width: [Int] = try await browser.run("return [innerWidth, document.documentElement.scrollWidth]")
            try await browser.type("s")
            try await browser.resize(width: 1280, height: 900)
            #expect(gap >= 0)
            #expect(width[0] <= 700 && width[1] <= width[0], "\(width)")
        }

        @Test("While all is well no banner is shown")
        func noBanner() async throws {
            #expect(try await browser.run("return document.getElementById('banner').hidden") == true)
            #expect(try await browser.text("#link") == "Live")
        }

        @Test("Nothing comes from anywhere else")
        func ownOriginOnly() async throws {
            let strangers: [String] = try await browser.run(
                """
                return performance.getEntriesByType("resource").map((entry) => entry.name)
                  .filter((name) => !name.startsWith(location.origin) && !name.startsWith("data:"));
                """)
            #expect(strangers.isEmpty)
        }

        /// Chooses from a list as a user does.
        private func choose(_ value: String, _ selector: String) async throws {
            let chosen: String = try await browser.run(
                """
                const list = document.querySelector("\(selector)");
                list.value = "\(value)";
                list.dispatchEvent(new Event("change", { bubbles: true }));
                return list.value;
                """)
            #expect(chosen == value)
        }

        /// What a list shows; nil while it is empty.
        private func selected(_ selector: String) async throws -> String? {
            try await browser.run(
                "return document.querySelector('\(selector)').selectedOptions[0]?.textContent ?? null")
        }

        private func expectHUD(_ isShown: Bool) async throws {
            let agreed = try await poll(within: .seconds(5)) {
                let pressed: String = try await browser.run(
                    "return document.getElementById('hud').getAttribute('aria-pressed')")
                let drawn: Bool? = try await page.status("hud_enabled")
                return pressed == "\(isShown)" && drawn == isShown ? true : nil
            }
            #expect(agreed == true, "The figures did not become \(isShown).")
        }

        private func expectQuality(_ level: Int?, _ mode: String) async throws {
            let agreed = try await poll(within: .seconds(5)) {
                let number: Int? = try await page.status("quality")
                let current: String? = try await page.status("quality_mode")
                return current == mode && (level == nil || number == level) ? true : nil
            }
            #expect(agreed == true, "The quality did not become \(mode) \(level.map(String.init) ?? "").")
        }

        private func expectScene(_ name: String) async throws {
            let shown = try await poll(within: .seconds(5)) {
                let pressed: [String] = try await browser.run(
                    """
                    return [...document.querySelectorAll('#scenes button[aria-pressed=true]')]
                      .map((button) => button.dataset.scene);
                    """)
                let current: String? = try await page.status("scene")
                return pressed == [name] && current == name ? true : nil
            }
            #expect(shown == true, "The scene did not become \(name).")
        }
    }

    @Suite(.enabled(if: ownsServer, "The server was started by somebody else, and is not for the tests to stop."))
    struct WhenTheServerGoes {
        @Test("The page says so, and comes back with the server")
        func reconnects() async throws {
            let page = try await Dashboard.open()
            var restarted: ChildProcess?
            do {
                await page.server?.stop()
                try await expectLink("lost", page.browser)
                #expect(try await page.browser.text("#banner-text") == "The connection to the renderer is lost.")
                restarted = try await Dashboard.serve(port: #require(page.page.port)).1
                try await expectLink("live", page.browser)
                let cleared = try await poll(within: .seconds(5)) {
                    try await page.browser.run("return document.getElementById('banner').hidden") ? true : nil
                }
                #expect(cleared == true, "The banner stays.")
            } catch {
                Issue.record(error)
            }
            await page.close()
            await restarted?.stop()
        }

        private func expectLink(_ state: String, _ browser: WebDriver) async throws {
            let reached = try await poll(within: .seconds(20)) {
                try await browser.run("return document.getElementById('link').dataset.state") == state ? true : nil
            }
            #expect(reached == true, "The connection did not become \(state).")
        }
    }

    private static var ownsServer: Bool {
        (ProcessInfo.processInfo.environment["PHI_MATRIX_TEST_URL"] ?? "").isEmpty
    }
}
