import Foundation
import ProgramHarness
import Testing

extension PageTests {
    /// Video in a real browser, and what takes its place where it cannot be.
    @Suite(.serialized, .dashboard(serving: "--fps", "30", "--latency-mark"))
    struct Video {
        let page: Dashboard
        var browser: WebDriver { page.browser }

        init() throws { page = try Dashboard.current() }

        @Test(
            "A codec is forced by the page's address, plays, and is named in the statistics",
            arguments: [("h264", "H.264", "avc1.42"), ("vp9", "VP9", "vp09.00."), ("vp8", "VP8", "vp8")])
        func forced(name: String, title: String, codec: String) async throws {
            try await open("?codec=\(name)&max_width=640")
            try await expect("Decoder\(title) in ", in: "#stats")
            try await expect("Codec\(title), \(codec)", in: "#stats")
            try await expect("target", in: "#stats")
            #expect(try await browser.text("#resolution") == "640 × 360")
            try await expectPainting()
        }

        @Test("Colours are those that were drawn", arguments: [("h264", "H.264"), ("vp9", "VP9"), ("vp8", "VP8")])
        func colors(name: String, title: String) async throws {
            let chosen = try await LoopbackHTTP.request(
                "POST", page.page.appendingPathComponent("api/scene"), body: Data(#"{"scene": "spectral"}"#.utf8))
            #expect(chosen.status == 200)
            try await open("?codec=\(name)&max_width=640")
            try await expect(title, in: "#codec")
            // Hues turn meanwhile, and a stream takes a while to be sharp, so the best of several looks counts.
            var least = Double.infinity
            let alike = try await poll(within: .seconds(30)) {
                least = min(least, try await browser.run(Self.differenceFromSnapshot))
                return least < 8 ? true : nil
            }
            #expect(alike == true, "Components differ by \(least) levels on average.")
        }

        /// The mean difference between the canvas and a snapshot, in the cards of the scene "spectral".
        private static let differenceFromSnapshot = """
            return (async () => {
              const { width, height } = stage;
              const drawn = await createImageBitmap(await (await fetch("snapshot.png")).blob());
              const painted = stage.getContext("2d").getImageData(0, 0, width, height).data;
              const context = new OffscreenCanvas(width, height).getContext("2d");
              context.drawImage(drawn, 0, 0, width, height);
              const wanted = context.getImageData(0, 0, width, height).data;
              const differences = [];
              for (const x of [0.125, 0.375, 0.625, 0.86]) {
                for (const y of [0.36, 0.82]) {
                  const n = 4 * (Math.round(y * height) * width + Math.round(x * width));
                  for (const part of [0, 1, 2]) differences.push(Math.abs(painted[n + part] - wanted[n + part]));
                }
              }
              return differences.reduce((a, b) => a + b) / differences.length;
            })();
            """

        @Test("Without a word in the address it is H.264, of the size that the canvas has room for")
        func usual() async throws {
            try await open("")
            try await expect("H.264", in: "#codec")
            try await setFrameWidth("'300px'")
            try await expect("320 × 180", in: "#resolution")
            try await expectPainting()
            try await setFrameWidth("''")
            try await expect("1280 × 720", in: "#resolution")
            try await expectPainting()
        }

        @Test("max_width and max_fps in the address move the stream", arguments: ["h264", "jpeg"])
        func tiers(codec: String) async throws {
            try await open("?codec=\(codec)&max_width=330&max_fps=15")
            try await expect("320 × 180", in: "#resolution")
            try await expect("15 fps", in: "#codec")
            // The stream is named when it is announced; the canvas follows with its first frame.
            let isPainted = try await poll(within: .seconds(5)) {
                let size: [Int] = try await browser.run("return [stage.width, stage.height]")
                return size == [320, 180] ? true : nil
            }
            #expect(isPainted == true)
        }

        @Test("From the engine's state to the pixel on the screen", arguments: ["jpeg", "h264"], [640, 320])
        func latencyToTheEye(codec: String, width: Int) async throws {
            try await open("?codec=\(codec)&max_width=\(width)")
            try await expect(codec == "h264" ? "H.264" : "JPEG", in: "#codec")
            try await expect("\(width) × \(width * 9 / 16)", in: "#resolution")
            let sightings = try await browser.run(MarkSightings.script, as: MarkSightings.self)
            let times = sightings.milliseconds.sorted()
            try #require(times.count >= 50, "The mark was read \(times.count) times. \(sightings)")
            for (earlier, later) in zip(sightings.frames, sightings.frames.dropFirst()) {
                #expect(Int32(truncatingIfNeeded: later - earlier) > 0, "Frame \(later) was shown after \(earlier).")
            }
            func quantile(_ share: Double) -> Double { times[min(times.count - 1, Int(share * Double(times.count)))] }
            print(
                "State to pixel, \(codec) \(width) wide, ms: p50 \(quantile(0.5)), p95 \(quantile(0.95)),",
                "p99 \(quantile(0.99)) of \(times.count) frames")
            #expect(times[0] > 0)
            #expect(quantile(0.5) < 500)
            try await expect("State to pixel", in: "#stats")
        }

        @Test("On a page that is no secure context, stills and the reason")
        func insecure() async throws {
            var address = try #require(URLComponents(url: page.page, resolvingAgainstBaseURL: false))
            address.host = WebDriver.plainHost
            try await browser.open(try #require(address.url))
            try await expect("Browsers decode video on https and localhost pages only", in: "#stream-reason")
            #expect(try await browser.run("return isSecureContext") == false)
            try await expectStills()
        }

        @Test("In a browser without WebCodecs, stills and the reason")
        func oldBrowser() async throws {
            try await opening("", after: "delete window.VideoDecoder") {
                try await expect("it has no WebCodecs", in: "#stream-reason")
                try await expectStills()
            }
        }

        @Test("Where the hardware fails, software decodes the same stream from a key frame on, and the reason is told")
        func software() async throws {
            // There is none, whatever the page is told.
            let claim = "if (window.VideoDecoder) VideoDecoder.isConfigSupported = async () => ({ supported: true })"
            try await opening("?codec=h264&max_width=640", after: claim) {
                try await expect("failed at H.264 in hardware", in: "#stream-reason")
                try await expect("now it is H.264 in software", in: "#stream-reason")
                try await expect("H.264 in software", in: "#codec")
                try await expectPainting()
            }
        }

        @Test("Where decoding H.264 fails, the next codec takes its place, and the reason is told")
        func nextCodec() async throws {
            try await opening("?max_width=640", after: Self.garbling("avc1")) {
                try await expect("failed at H.264", in: "#stream-reason")
                try await expect("VP9", in: "#codec")
                try await expectPainting()
            }
        }

        @Test("Where every decoder fails, stills, and the reason is told")
        func lastRung() async throws {
            try await opening("?codec=h264&max_width=640", after: Self.garbling("")) {
                try await expect("now it is single pictures (JPEG)", in: "#stream-reason")
                try await expectStills()
            }
        }

        @Test("For a hidden page nothing is encoded; when it is seen again, the picture goes on")
        func hidden() async throws {
            try await open("?codec=h264&max_width=640")
            try await expect("H.264", in: "#codec")
            let watching = try await browser.tab()
            let other = try await browser.newTab()
            try await browser.show(tab: other)
            let rested = try await poll(within: .seconds(20)) {
                let before = try await encodedFrames()
                try await Task.sleep(for: .seconds(1))
                return try await encodedFrames() == before ? true : nil
            }
            #expect(rested == true, "Frames are encoded for a page that nobody sees.")
            try await browser.closeTab()
            try await browser.show(tab: watching)
            try await expect("H.264", in: "#codec")
            try await expectPainting()
        }

        // MARK: What is done and seen

        /// Opens the page with its statistics.
        private func open(_ query: String) async throws {
            try await browser.open(try #require(URL(string: page.page.absoluteString + query)))
            try await browser.type("s")
        }

        private func opening(_ query: String, after script: String, _ body: () async throws -> Void) async throws {
            let prepared = try await browser.beforePages(script)
            do {
                try await open(query)
                try await body()
            } catch {
                try await browser.forget(prepared)
                throw error
            }
            try await browser.forget(prepared)
        }

        /// Has the decoder get noise in place of frames of codecs that begin so.
        private static func garbling(_ codec: String) -> String {
            """
            const real = Worker.prototype.postMessage;
            Worker.prototype.postMessage = function (message, transfer) {
              if (message.codec?.startsWith("\(codec)")) message.payload.fill(0x5a);
              return real.call(this, message, transfer);
            };
            """
        }

        private func setFrameWidth(_ width: String) async throws {
            let _: Bool = try await browser.run("document.getElementById('frame').style.width = \(width); return true")
        }

        private func expect(_ words: String, in selector: String) async throws {
            var text = ""
            let found = try await poll(within: .seconds(40)) {
                text = try await browser.text(selector)
                return text.contains(words) ? true : nil
            }
            #expect(found == true, "\(selector) never says “\(words)”; it says “\(text)”.")
        }

        /// Pictures that differ are painted.
        private func expectPainting() async throws {
            let changed = try await poll(within: .seconds(30)) {
                try await browser.run(
                    """
                    const look = () => stage.getContext("2d").getImageData(0, 0, stage.width, stage.height).data;
                    const before = look();
                    return new Promise((done) => setTimeout(() => {
                      const after = look();
                      done(after.length === before.length && after.some((value, n) => value !== before[n]));
                    }, 400));
                    """) == true ? true : nil
            }
            let figures = try await browser.text("#stats")
            #expect(changed == true, "The canvas stands still. \(figures)")
        }

        private func expectStills() async throws {
            try await expect("JPEG", in: "#codec")
            try await expectPainting()
        }

        private func encodedFrames() async throws -> Double {
            let answer = try await LoopbackHTTP.request("GET", page.page.appendingPathComponent("metrics"))
            let text = String(decoding: answer.body, as: UTF8.self)
            let match = try #require(text.firstMatch(of: /(?m)^soundlab_frames_encoded_total (\S+)/))
            return try #require(Double(match.1))
        }
    }
}

/// Latency marks as the page's canvas shows them, one for each frame that was seen.
private struct MarkSightings: Decodable, Sendable {
    let frames: [Int]
    /// From the sampling of the state to the sight of it.
    let milliseconds: [Double]

    /// Looks before every repaint, with a clock of its own, for as long as it takes to see 120 frames; 20 s at most.
    static let script = """
        return (async () => {
          const module = (name) => import(new URL(name, document.baseURI));
          const [{ MarkReader }, { ServerClock }] = [await module("mark.js"), await module("clock.js")];
          const clock = new ServerClock();
          const socket = new WebSocket(new URL("ws/frames", document.baseURI.replace("http", "ws")), ["phi-frames.v1"]);
          socket.onmessage = ({ data }) => {
            const message = JSON.parse(data);
            if (message.type === "hello") clock.reset(message.clock);
            if (message.type === "pong") clock.pong(message);
          };
          await new Promise((opened) => { socket.onopen = opened; });
          for (let n = 0; n < 10; n++) {
            socket.send(JSON.stringify(clock.ping()));
            await new Promise((done) => setTimeout(done, 100));
          }
          const reader = new MarkReader();
          const canvas = document.getElementById("stage");
          const [frames, milliseconds] = [[], []];
          const end = performance.now() + 20_000;
          while (frames.length < 120 && performance.now() < end) {
            await new Promise(requestAnimationFrame);
            const mark = reader.read(canvas);
            if (!mark || mark.frame === frames.at(-1)) continue;
            frames.push(mark.frame);
            milliseconds.push(clock.sinceLow32(mark.stateTime, performance.now()));
          }
          socket.close();
          return { frames, milliseconds };
        })();
        """
}
