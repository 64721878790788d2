import Foundation
import ProgramHarness
import Testing

@Suite("the drill of a lost device", .serialized)
struct DeviceLossDrillTests {
    @Test("the server says so, recovers by itself, and its viewers and its recording go on", .timeLimit(.minutes(2)))
    func drill() async throws {
        try await withProgram { program in
            let (server, url) = try await program.serve(["--size", "320x180", "--record", "--drill-device-loss", "2"])
            let video = program.path("seen.mjpeg")
            let viewer = try FFmpeg.start(["-f", "mpjpeg", "-i", "\(url)stream.mjpg", "-t", "8", "-c", "copy", video])
            let isReady = try await poll(within: .seconds(10), every: .milliseconds(50)) {
                try await LoopbackHTTP.request("GET", url.appending(path: "readyz")).status == 200 ? true : nil
            }
            #expect(isReady == true)
            let away = try await poll(within: .seconds(10), every: .milliseconds(20)) {
                let answer = try await LoopbackHTTP.request("GET", url.appending(path: "readyz"))
                return answer.status == 503 ? String(decoding: answer.body, as: UTF8.self) : nil
            }
            // Where it takes less than a second, nobody is told that it is not ready.
            if let away { #expect(away.contains("it is being set up anew"), "\(away)") }
            let isBack = try await poll(within: .seconds(20)) {
                let metrics = try await LoopbackHTTP.request("GET", url.appending(path: "metrics"))
                let ready = try await LoopbackHTTP.request("GET", url.appending(path: "readyz"))
                let text = String(decoding: metrics.body, as: UTF8.self)
                return ready.status == 200 && text.contains("soundlab_device_revivals_total 1\n") ? true : nil
            }
            #expect(isBack == true)
            let snapshot = try await LoopbackHTTP.request("GET", url.appending(path: "snapshot.png"))
            #expect(snapshot.status == 200)
            try await Task.sleep(for: .seconds(2))
            await viewer.stop()
            let end = await server.stop()
            #expect(end?.status == 0)
            #expect(end?.errors.contains("The Vulkan device was lost; it is set up anew.") == true)
            #expect(end?.errors.contains("Frames are drawn again.") == true)
            let verify = try await program.run(["sessions", "verify", "latest"])
            #expect(verify.status == 0, "\(verify.text)\(verify.errors)")
        }
    }
}
