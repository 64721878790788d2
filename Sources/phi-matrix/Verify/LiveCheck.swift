import Foundation
import FoundationNetworking
import ImageVerify
import PhiModel
import PhiRenderer
import VulkanKit

/// Verifies pictures of a running server: each comes with the state that it was drawn from, is measured against the domain,
/// drawn again here, and compared.
struct LiveCheck: Sendable {
    let server: URL
    let options: GoldenOptions

    /// How many pictures are taken, and how far apart, s.
    private static let count = 3, pause = 0.3
    /// How long a transition may last before it is not waited for any longer, s.
    private static let patience = 8.0

    func run() async throws -> VerificationRun {
        let began = ContinuousClock.now
        let data = DataDirectory(options.dataDir)
        data.useForShaderCache()
        let renderer = try makeRenderer(cache: data.cache.path)
        var results: [CaseResult] = []
        var context: VerificationRun.Context?
        var last: UInt32?
        for n in 1...Self.count {
            let evidence = try await plainFrame()
            results.append(try judge(evidence, n, renderer, after: last))
            last = evidence.frame
            context = VerificationRun.Context(
                version: ProductVersion.number, commit: BuildStamp.commit, device: evidence.device,
                driver: evidence.driver, driverKey: DriverKey.make(device: evidence.device, driver: evidence.driver),
                isValidated: false, approveCommand: nil)
            if n < Self.count { try await Task.sleep(for: .seconds(Self.pause)) }
        }
        guard let context else { throw unavailable("shows no picture") }
        return VerificationRun(
            context: context, seconds: (ContinuousClock.now - began) / .seconds(1), results: results,
            note: renderer == nil ? "Nothing can be drawn here: the pictures were measured, and not compared." : nil)
    }

    /// Nil where there is no driver: then the pictures are measured all the same.
    private func makeRenderer(cache: String) throws -> CaseRenderer? {
        do {
            return try CaseRenderer(device: options.device, isValidated: false) { width, height in
                RendererOptions(width: width, height: height, cacheDirectory: cache)
            }
        } catch VulkanError.noDriver {
            return nil
        } catch VulkanError.noUsableDevice {
            return nil
        }
    }

    /// A picture of the scene alone: a transition is waited for.
    private func plainFrame() async throws -> FrameEvidence {
        let began = ContinuousClock.now
        while true {
            let evidence = try await fetch()
            if evidence.isPlain { return evidence }
            guard (ContinuousClock.now - began) / .seconds(1) < Self.patience else {
                throw CommandError(
                    .checkFailed,
                    "The server shows figures or a latency mark over its picture, or changes scenes all the time; switch "
                        + "the figures off (POST /api/hud), or serve without --latency-mark, and verify again.")
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    private func fetch() async throws -> FrameEvidence {
        var request = URLRequest(url: server.appending(path: "snapshot.json"), timeoutInterval: 10)
        let environment = ProcessInfo.processInfo.environment
        if let token = environment["SOUNDLAB_VIEW_TOKEN"] ?? environment["SOUNDLAB_AUTH_TOKEN"], !token.isEmpty {
            request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
        }
        let data: Data, response: URLResponse
        do { (data, response) = try await URLSession.shared.data(for: request) } catch {
            throw unavailable("does not answer")
        }
        switch (response as? HTTPURLResponse)?.statusCode {
        case 200: break
        case 401: throw unavailable("wants a token; set SOUNDLAB_VIEW_TOKEN")
        case 404: throw unavailable("has no /snapshot.json: it is another program, or an older version")
        case 503: throw unavailable("draws no frames; look at its /readyz")
        case let status: throw unavailable("answers with status \(status ?? 0)")
        }
        guard let evidence = FrameEvidence(json: data) else { throw unavailable("gives a frame that cannot be read") }
        return evidence
    }

    private func unavailable(_ reason: String) -> CommandError {
        CommandError(.unavailable, "The server at \(server.absoluteString) \(reason).")
    }

    private func judge(
        _ evidence: FrameEvidence, _ number: Int, _ renderer: CaseRenderer?, after last: UInt32?
    ) throws -> CaseResult {
        let actual = try ImageFile.decode([UInt8](evidence.png), path: "The picture of frame \(evidence.frame)")
        let subject = try subject(evidence)
        let item = GoldenCase(
            live: "live-\(number)-frame-\(evidence.frame)", scene: evidence.scene, time: subject.state.time,
            width: actual.width, height: actual.height, quality: evidence.quality,
            why: "what the server at \(server.absoluteString) shows")
        var findings = CaseRenderer.examine(actual, subject)
        if let last, evidence.frame <= last {
            findings.faults.append(
                "The frame after number \(last) has number \(evidence.frame): the picture stands still.")
        }
        guard let renderer else {
            return Judge.judge(live: item, actual, findings, expected: nil, tier: 0)
        }
        let drawn = try renderer.draw(subject, width: actual.width, height: actual.height)
        let physical = renderer.device.physical
        let isSame =
            DriverKey.make(device: physical.name, driver: physical.driver)
            == DriverKey.make(device: evidence.device, driver: evidence.driver)
        var result = Judge.judge(live: item, actual, findings, expected: drawn.image, tier: isSame ? 1 : 2)
        result.renderMilliseconds = drawn.milliseconds
        return result
    }

    private func subject(_ evidence: FrameEvidence) throws -> CaseSubject {
        guard let look = evidence.look.look, let quality = QualityLevel(evidence.quality) else {
            throw unavailable("gives a frame whose look cannot be read")
        }
        guard let scene = try? SceneCatalog.index(of: evidence.scene) else {
            throw unavailable("shows the scene '\(evidence.scene)', which this version does not have")
        }
        var content = FrameContent(scene: scene, look: look, quality: quality)
        content.isQualityAutomatic = evidence.isQualityAutomatic
        do {
            var state = try evidence.state.makeState()
            var sanitizer = StateSanitizer()
            sanitizer.sanitize(&state)
            return CaseSubject(state, content)
        } catch {
            throw unavailable("gives a frame whose state cannot be used: \(error)")
        }
    }
}
