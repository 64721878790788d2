import Foundation
import Fuzz
import PhiModel
import Testing

@testable import SessionStore

@Suite(.timeLimit(.minutes(12)))
struct PresetFuzzTests {
    private static let documents: [String] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../presets")
        return ["default", "golden_ratio", "edge", "aurora", "peak"].compactMap {
            try? String(contentsOf: folder.appending(path: "\($0).json"), encoding: .utf8)
        }
    }()

    private let library = PresetLibrary(
        own: nil, shipped: [], scenes: ["spectral", "topology", "waveform", "matrix", "field", "breathing"])

    @Test("Damaged presets are refused in words, or are presets that can be written and read again")
    func presets() throws {
        try #require(Self.documents.count == 5)
        let report = try FuzzRun("presets", seed: 11).run(short: 4_000) { n, random in
            let json = Data(Damage.json(random.one(of: Self.documents), using: &random))
            let preset: Preset
            do throws(PresetStoreError) { preset = try library.parse(json, source: "fuzz.json") } catch {
                let sentence = "\(error)"
                if sentence.isEmpty { Issue.record("input \(n): no word of why") }
                return false
            }
            let again = try library.parse(try JSONEncoder().encode(preset), source: "again.json")
            if again != preset { Issue.record("input \(n): \(String(decoding: json, as: UTF8.self))") }
            return true
        }
        #expect(
            !FuzzRun.isWhole || report.accepted > report.count / 50 && report.refused > report.count / 50, "\(report)")
    }

    @Test("Damaged documents to be merged, added and bundled are refused or taken")
    func exchange() throws {
        let base = try JSONValue(json: Data(Self.documents[0].utf8))
        let report = try FuzzRun("preset-exchange", seed: 12).run(short: 2_000) { n, random in
            let json = Data(Damage.json(random.one(of: Self.documents), using: &random))
            guard let document = try? JSONValue(json: json) else { return false }
            _ = document.leaves
            let wishes: [PresetCollision] = [.prompt, .overwrite, .newCopy, .merge]
            let merged = base.merged(with: document)
            do throws(PresetStoreError) {
                _ = try library.add(merged, source: "fuzz", collision: random.one(of: wishes), isTrial: true)
            } catch { return false }
            return true
        }
        #expect(
            !FuzzRun.isWhole || report.accepted > report.count / 50 && report.refused > report.count / 50, "\(report)")
    }
}
