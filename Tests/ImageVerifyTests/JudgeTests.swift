import Foundation
import Testing

@testable import ImageVerify

@Suite("Judging pictures")
struct JudgeTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "judge-\(UUID().uuidString)")

    /// A manifest with one case, whose golden picture is `golden`.
    private func judge(
        golden: RasterImage?, driverKey: String = "here", knownFailure: String? = nil
    ) throws -> (Judge, GoldenCase) {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let known = knownFailure.map { #""known_failure": "\#($0)","# } ?? ""
        let manifest = """
            {"schema": "phi-goldens.v1",
             "tolerances": {"tight": {"max_difference": 3, "outliers": 0.0002, "flip_mean": 0.002,
                "other_driver": {"flip_mean": 0.02, "flip_p99": 0.1}, "why": "a test"}},
             "cases": [{"name": "one", "scene": "field", "engine": "synthetic", "time": 1, "size": "64x48",
                \(known) "tolerance": "tight", "why": "a test"}]}
            """
        let path = folder.appending(path: "manifest.json").path
        try Data(manifest.utf8).write(to: URL(filePath: path))
        let parsed = try GoldenManifest(path: path, scenes: ["field"])
        var approvals = try Approvals(folder: folder)
        if let golden {
            try ImageFile.write(golden, to: parsed.golden(parsed.cases[0]))
            try approvals.add(
                Approval(
                    name: "one", newHash: golden.hash, oldHash: nil, figures: nil, driverKey: "here",
                    driver: "a driver",
                    commit: "abc", version: "1", date: .now, reason: "a test"))
        }
        return (Judge(parsed, approvals, driverKey: driverKey), parsed.cases[0])
    }

    private func picture(_ level: (Int, Int) -> Int) throws -> RasterImage {
        try #require(
            RasterImage(
                width: 64, height: 48,
                bytes: (0..<64 * 48).flatMap { n -> [UInt8] in
                    let v = UInt8(clamping: level(n % 64, n / 64))
                    return [v, v / 2, 128, 255]
                }))
    }

    @Test("the same picture passes, by either driver")
    func same() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let image = try picture { x, y in 2 * x + y }
        let (judge, item) = try judge(golden: image)
        let result = judge.judge(item, image, Judge.Findings())
        #expect(result.outcome == .passed && result.tier == 1)
        let (other, _) = try self.judge(golden: image, driverKey: "elsewhere")
        #expect(other.judge(item, image, Judge.Findings()).tier == 2)
    }

    @Test("edges that another driver places a little otherwise pass there, and not where the driver is the same")
    func tiers() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let image = try picture { x, y in 2 * x + y }
        // Four levels more in a few pixels: over the tolerance of one driver.
        let moved = try picture { x, y in 2 * x + y + (x % 16 == 0 ? 4 : 0) }
        let (same, item) = try judge(golden: image)
        #expect(same.judge(item, moved, Judge.Findings()).outcome == .failed)
        let (other, _) = try judge(golden: image, driverKey: "elsewhere")
        let result = other.judge(item, moved, Judge.Findings())
        #expect(result.outcome == .passed, "\(result.reasons)")
        let far = try picture { x, y in 2 * x + y + (x % 16 < 4 ? 60 : 0) }
        #expect(other.judge(item, far, Judge.Findings()).outcome == .failed)
    }

    @Test("without a golden picture nothing passes, and what is wrong by itself fails all the same")
    func missing() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let image = try picture { x, y in x + y }
        let (judge, item) = try judge(golden: nil)
        #expect(judge.judge(item, image, Judge.Findings()).outcome == .missing)
        #expect(judge.judge(item, image, Judge.Findings(faults: ["It is blank."])).outcome == .failed)
    }

    @Test("a fault, a measurement and a word of the validation layer each fail a picture that is as it was")
    func findings() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let image = try picture { x, y in x + y }
        let (judge, item) = try judge(golden: image)
        let measured = CaseResult.Measurement(
            name: "hue of CH1", expected: 10, measured: 20, tolerance: 1, unit: "°", passed: false)
        for findings in [
            Judge.Findings(faults: ["It is blank."]), Judge.Findings(measurements: [measured]),
            Judge.Findings(validation: ["VUID-x: image 'frame 0' is in another layout"]),
        ] {
            let result = judge.judge(item, image, findings)
            #expect(result.outcome == .failed)
            #expect(result.reasons.count == 1)
        }
        let result = judge.judge(item, image, Judge.Findings(measurements: [measured]))
        #expect(result.reasons == ["hue of CH1 is 20.0°; 10.0° ± 1.0° would be right."])
    }

    @Test("a known failure is fine while it fails, and red when it passes")
    func knownFailure() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let image = try picture { x, y in x + y }
        let (judge, item) = try judge(golden: image, knownFailure: "the driver drops a line")
        #expect(judge.judge(item, image, Judge.Findings()).outcome == .unexpectedPass)
        let result = judge.judge(item, try picture { x, y in 3 * x + y }, Judge.Findings())
        #expect(result.outcome == .knownFailure && result.isFine)
        let complaint = judge.judge(
            item, try picture { x, y in 3 * x + y }, Judge.Findings(validation: ["VUID-x: image 'frame 0'"]))
        #expect(complaint.outcome == .failed, "That the layer complains is not what is known.")
        try FileManager.default.removeItem(at: folder)
        let (unseen, other) = try self.judge(golden: nil, knownFailure: "the driver drops a line")
        #expect(!unseen.judge(other, image, Judge.Findings(faults: ["It is blank."])).isFine)
    }

    @Test("a golden picture that nobody approved, and one of another size than the manifest says, are errors")
    func unapproved() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let image = try picture { x, y in x + y }
        let (judge, item) = try judge(golden: nil)
        try ImageFile.write(image, to: folder.appending(path: "one.png").path)
        #expect(judge.judge(item, image, Judge.Findings()).outcome == .error)
        let small = try #require(RasterImage(width: 2, height: 2, bytes: [UInt8](repeating: 255, count: 16)))
        let (other, _) = try self.judge(golden: small)
        let result = other.judge(item, image, Judge.Findings())
        #expect(result.outcome == .error)
        #expect(result.reasons.last?.contains("64x48") == true && result.reasons.last?.contains("2x2") == true)
    }

    @Test("another size is no pass")
    func size() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let (judge, item) = try judge(golden: try picture { x, y in x + y })
        let other = try #require(RasterImage(width: 2, height: 2, bytes: [UInt8](repeating: 255, count: 16)))
        let result = judge.judge(item, other, Judge.Findings())
        #expect(result.outcome == .failed)
        #expect(result.reasons.first?.contains("64x48") == true)
    }
}
