import Foundation

/// What a benchmark run found. The JSON of this is what `--baseline` reads.
struct BenchReport: Codable {
    static let currentSchema = 1

    /// Milliseconds.
    struct Percentiles: Codable {
        var mean: Double
        var p50: Double
        var p95: Double
        var p99: Double
        var max: Double

        /// - Parameter milliseconds: At least one.
        init(_ milliseconds: [Double]) {
            let sorted = milliseconds.sorted()
            func rank(_ share: Double) -> Double { sorted[min(Int(Double(sorted.count) * share), sorted.count - 1)] }
            mean = sorted.reduce(0, +) / Double(sorted.count)
            p50 = rank(0.5)
            p95 = rank(0.95)
            p99 = rank(0.99)
            max = sorted[sorted.count - 1]
        }
    }

    struct SceneResult: Codable {
        var scene: String
        var frames: Int
        var fps: Double
        /// Frames a second relative to those of a flat fill of the same size in the same run.
        var ofFlatFill: Double
        var frameMs: Percentiles
        /// Writing the draw list and recording commands.
        var recordMs: Percentiles
        /// Rasterising.
        var renderMs: Percentiles
        /// Copying to host memory.
        var readbackMs: Percentiles
        /// JPEG, of some of the frames, outside of the frame time.
        var encodeMs: Percentiles
    }

    var schema = currentSchema
    var version: String
    var commit: String
    var device: String
    var driver: String
    var width: Int
    var height: Int
    var quality: Int
    var framesInFlight: Int
    var engine: String
    var secondsPerScene: Double
    var flatFillFps: Double
    var scenes: [SceneResult]

    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return try encoder.encode(self)
    }

    init(json: Data) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(BenchReport.self, from: json)
    }

    init(
        device: String, driver: String, width: Int, height: Int, quality: Int, framesInFlight: Int, engine: String,
        secondsPerScene: Double, flatFillFps: Double, scenes: [SceneResult]
    ) {
        version = ProductVersion.number
        commit = BuildStamp.commit
        self.device = device
        self.driver = driver
        self.width = width
        self.height = height
        self.quality = quality
        self.framesInFlight = framesInFlight
        self.engine = engine
        self.secondsPerScene = secondsPerScene
        self.flatFillFps = flatFillFps
        self.scenes = scenes
    }

    var table: String {
        func cell(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: Swift.max(width - text.count, 0)) + text
        }
        func number(_ value: Double, _ decimals: Int = 2) -> String { String(format: "%.\(decimals)f", value) }
        var lines = [
            "\(device), \(driver)",
            "\(width)x\(height), quality \(quality), \(framesInFlight) in flight, engine \(engine), "
                + "\(number(secondsPerScene, 1)) s a scene",
            "",
            "scene          fps   of flat   frame ms  p50    p95    p99   record  render  readback  jpeg",
        ]
        for result in scenes {
            lines.append(
                result.scene.padding(toLength: 10, withPad: " ", startingAt: 0) + cell(number(result.fps, 1), 8)
                    + cell(number(result.ofFlatFill), 10) + cell(number(result.frameMs.mean), 11)
                    + cell(number(result.frameMs.p50), 6) + cell(number(result.frameMs.p95), 7)
                    + cell(number(result.frameMs.p99), 7) + cell(number(result.recordMs.mean), 8)
                    + cell(number(result.renderMs.mean), 8) + cell(number(result.readbackMs.mean), 10)
                    + cell(number(result.encodeMs.mean), 6))
        }
        return lines.joined(separator: "\n")
    }

    /// What became slower than in `baseline` by more than `tolerance` (a share), one sentence a scene. Ratios to the flat
    /// fill are compared, so that a slower machine is no regression.
    func regressions(against baseline: BenchReport, tolerance: Double) -> [String] {
        scenes.compactMap { result in
            guard let before = baseline.scenes.first(where: { $0.scene == result.scene }) else { return nil }
            let ratio = result.ofFlatFill / before.ofFlatFill
            guard ratio < 1 - tolerance else { return nil }
            return String(
                format: "%@ reaches %.2f of flat fill, and %.2f in the baseline (%.0f %% less).", result.scene,
                result.ofFlatFill, before.ofFlatFill, (1 - ratio) * 100)
        }
    }
}
