import Foundation
import ImageVerify
import ProgramHarness
import Testing

/// What the comparer has to see, and what it must not see: golden pictures that are a little wrong.
@Suite("verify: mutations", .serialized)
struct VerifyMutationTests {
    private static let cases = ["spectral", "breathing", "topology", "waveform", "matrix", "field"].map {
        "\($0)-balanced"
    }

    enum Mutation: String, CaseIterable, CustomTestStringConvertible {
        case hue, move, gain, swap, black

        var testDescription: String {
            switch self {
            case .hue: "a hue that is turned by 2°"
            case .move: "a picture that is moved by one pixel"
            case .gain: "a gain of 1 %"
            case .swap: "red and blue that are swapped"
            case .black: "a black frame"
            }
        }

        func apply(_ image: RasterImage) throws -> RasterImage {
            switch self {
            case .hue: try image.mapped { Self.turned($0, degrees: 2) }
            case .gain: try image.mapped { $0.map { min($0 * 1.01, 255) } }
            case .swap: try image.mapped { [$0[2], $0[1], $0[0]] }
            case .black: try image.mapped { _ in [0, 0, 0] }
            case .move:
                try image.rearranged { x, y in (max(x - 1, 0), y) }
            }
        }

        /// The hue of HSV, turned.
        private static func turned(_ rgb: [Double], degrees: Double) -> [Double] {
            let high = rgb.max() ?? 0, low = rgb.min() ?? 0, range = high - low
            guard range > 0 else { return rgb }
            let sixth: Double =
                if high == rgb[0] { (rgb[1] - rgb[2]) / range } else if high == rgb[1] {
                    (rgb[2] - rgb[0]) / range + 2
                } else {
                    (rgb[0] - rgb[1]) / range + 4
                }
            let hue = (sixth + degrees / 60 + 6).truncatingRemainder(dividingBy: 6)
            return [5.0, 3.0, 1.0].map { n in
                let k = (n + hue).truncatingRemainder(dividingBy: 6)
                return high - range * max(0, min(k, 4 - k, 1))
            }
        }
    }

    @Test("is caught in every scene", arguments: Mutation.allCases)
    func caught(mutation: Mutation) async throws {
        try await withProgram { program in
            let folder = try await GoldenFolder(program, making: Self.cases)
            try folder.replaceGoldens(Self.cases, mutation.apply)
            let (outcome, report) = try await folder.verify([], Self.cases)
            #expect(outcome.status == 1, "\(outcome.errors)")
            for item in report.cases {
                #expect(item.tier == 1)
                #expect(item.outcome == "failed", "\(item.name): \(item.metrics.debugDescription)")
            }
            #expect(report.cases.count == Self.cases.count)
        }
    }

    @Test("noise of ±1 level in every pixel is not")
    func noise() async throws {
        try await withProgram { program in
            let folder = try await GoldenFolder(program, making: Self.cases)
            var generator = SystemRandomNumberGenerator()
            try folder.replaceGoldens(Self.cases) { image in
                try image.mapped { $0.map { min(max($0 + Double(Int.random(in: -1...1, using: &generator)), 0), 255) } }
            }
            let (outcome, report) = try await folder.verify([], Self.cases)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(report.cases.allSatisfy { $0.outcome == "passed" && $0.metrics?.maxDifference == 1 })
        }
    }

    @Test("a link that is missing is caught")
    func missingLink() async throws {
        try await withProgram { program in
            let folder = try await GoldenFolder(program, making: ["topology-balanced"])
            // A state of the same folder without one of its couplings.
            try folder.edit("states/balanced.json") { text in
                let row = text.firstMatch(of: /"coupling":\[\[([^\]]*)\]/).map { String($0.1) } ?? ""
                var values = row.split(separator: ",").map(String.init)
                if let strongest = values.indices.max(by: {
                    abs(Double(values[$0]) ?? 0) < abs(Double(values[$1]) ?? 0)
                }) {
                    values[strongest] = "0"
                }
                return text.replacingOccurrences(of: "[[\(row)]", with: "[[\(values.joined(separator: ","))]")
            }
            let (outcome, report) = try await folder.verify([], ["topology-balanced"])
            #expect(outcome.status == 1)
            #expect(report.cases.first?.outcome == "failed")
        }
    }

    @Test("a stale frame, a thirtieth of a second old, is caught")
    func stale() async throws {
        let cases = ["spectral", "breathing", "topology", "waveform", "field"].map { "\($0)-peak-12s" }
        try await withProgram { program in
            let folder = try await GoldenFolder(program, making: cases)
            try folder.edit("manifest.json") {
                $0.replacingOccurrences(of: #""time": 12,"#, with: #""time": 12.0333,"#)
            }
            let (outcome, report) = try await folder.verify([], cases)
            #expect(outcome.status == 1)
            for item in report.cases { #expect(item.outcome == "failed", "\(item.name)") }
        }
    }
}

extension RasterImage {
    /// The picture with other colours: `change` takes and gives red, green and blue, 0 … 255.
    func mapped(_ change: ([Double]) throws -> [Double]) throws -> RasterImage {
        var bytes = bytes
        for n in stride(from: 0, to: bytes.count, by: 4) {
            let color = try change((0..<3).map { Double(bytes[n + $0]) })
            for k in 0..<3 { bytes[n + k] = UInt8(clamping: Int(color[k].rounded())) }
        }
        return try #require(RasterImage(width: width, height: height, bytes: bytes))
    }

    /// The picture with pixels from elsewhere: `source` tells from where.
    func rearranged(_ source: (Int, Int) -> (Int, Int)) throws -> RasterImage {
        var bytes = bytes
        for y in 0..<height {
            for x in 0..<width {
                let (fromX, fromY) = source(x, y)
                let pixel = self[fromX, fromY], n = (y * width + x) * 4
                (bytes[n], bytes[n + 1], bytes[n + 2], bytes[n + 3]) = (pixel.red, pixel.green, pixel.blue, pixel.alpha)
            }
        }
        return try #require(RasterImage(width: width, height: height, bytes: bytes))
    }
}
