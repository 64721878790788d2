import Foundation
import Testing

@testable import ImageVerify

@Suite("Reports of a run")
struct ReportTests {
    private func run() throws -> VerificationRun {
        let item = GoldenCase(
            live: "live-1", scene: "field", time: 1, width: 8, height: 8, quality: 5, why: "</script> & \"quotes\" <b>")
        let expected = try #require(RasterImage(width: 8, height: 8, bytes: [UInt8](repeating: 255, count: 256)))
        let actual = try #require(
            RasterImage(width: 8, height: 8, bytes: (0..<256).map { $0 % 4 == 3 ? 255 : UInt8($0 % 200) }))
        let result = Judge.judge(
            live: item, actual,
            Judge.Findings(
                faults: ["It holds <b>marks</b> & a control character: \u{1}."],
                measurements: [
                    .init(name: "width", expected: 1, measured: .nan, tolerance: 0.1, unit: "px", passed: false)
                ]),
            expected: expected, tier: 1)
        return VerificationRun(
            context: .init(
                version: "1", commit: "abc", device: "a device", driver: "a driver", driverKey: "key",
                isValidated: true, approveCommand: "phi-matrix verify approve"),
            seconds: 1.25, results: [result], complaints: ["An object was left: 'frame 0'."])
    }

    @Test("the page is one file, and no data ends its script")
    func page() throws {
        let text = String(decoding: try ReportFolder.page(ReportDocument(try run())), as: UTF8.self)
        #expect(!text.contains("REPORT-DATA"))
        #expect(text.contains("phi-verify-report.v1"))
        #expect(text.components(separatedBy: "</script>").count == 2)
        for reference in ["src=\"http", "href=\"http", "url(http", "@import", "src=\"//"] {
            #expect(!text.contains(reference), "\(reference)")
        }
    }

    @Test("the folder holds page, JSON, JUnit and the pictures of what failed")
    func folder() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "report-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try ReportFolder(path).write(try run())
        let files = try FileManager.default.subpathsOfDirectory(atPath: path)
        for name in [
            "report.html", "report.json", "junit.xml", "images/live-1-actual.png", "images/live-1-expected.png",
            "images/live-1-flip.png", "images/live-1-difference.png",
        ] { #expect(files.contains(name), "\(name)") }
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: "\(path)/report.json")))
                as? [String: Any])
        #expect(json["passed"] as? Bool == false)
        #expect((json["counts"] as? [String: Int])?["failed"] == 1)
        let flip = try ImageFile.read("\(path)/images/live-1-flip.png")
        // The next run may end before it has anything to report.
        _ = try ReportFolder(path)
        #expect(try FileManager.default.subpathsOfDirectory(atPath: path) == ["images"])
        #expect(flip.width == 8 && flip.bytes.enumerated().allSatisfy { $0 % 4 != 3 || $1 == 255 })
    }

    @Test("JUnit counts failures and errors, and escapes what people write")
    func junit() throws {
        let text = JUnitReport.make(try run())
        #expect(text.contains("tests=\"2\" failures=\"1\" errors=\"1\""))
        #expect(text.contains("&lt;b&gt;marks&lt;/b&gt; &amp; a control character: ."))
        #expect(!text.contains("\u{1}") && !text.contains("<b>"))
        #expect(try run().summary.contains("0 of 1 cases passed in 1.2 s, 1 failed"))
        #expect(try !run().isFine)
    }

    @Test("a driver's key has its words once")
    func driverKey() {
        #expect(
            DriverKey.make(device: "llvmpipe (LLVM 15.0.6, 256 bits)", driver: "llvmpipe, Mesa 22.3.6 (LLVM 15.0.6)")
                == "llvmpipe-mesa-22.3.6-llvm-15.0.6-256-bits")
        #expect(
            DriverKey.make(device: "llvmpipe (LLVM 15.0.6, 512 bits)", driver: "llvmpipe, Mesa 22.3.6 (LLVM 15.0.6)")
                != DriverKey.make(
                    device: "llvmpipe (LLVM 15.0.6, 256 bits)", driver: "llvmpipe, Mesa 22.3.6 (LLVM 15.0.6)"))
    }
}
