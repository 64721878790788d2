import Foundation
import FrameCodec
import Handoff
import PhiModel
import PhiRenderer

/// A frame of a running server with all that it was drawn from, as `/snapshot.json` gives it: whoever has it can draw the
/// frame again, and compare.
struct FrameEvidence: Codable, Sendable {
    /// The version of the document.
    static let currentSchema = "phi-frame.v1"

    /// A `Look`, linear RGB.
    struct LookDocument: Codable, Sendable {
        let center: [Double]
        let corner: [Double]
        let accent: [Double]
        let glow: Double
        let trails: Double
        let labels: Bool
        /// Of a frame of an older server they are absent: it knew one rule.
        let phiRotation: Bool?
        let phiBreathing: Bool?
        let frequencyScale: String?

        init(_ look: Look) {
            func components(_ color: LinearColor) -> [Double] { [color.red, color.green, color.blue] }
            center = components(look.center)
            corner = components(look.corner)
            accent = components(look.accent)
            glow = look.glow
            trails = look.trails
            labels = look.hasLabels
            phiRotation = look.colors.rotates
            phiBreathing = look.colors.breathes
            frequencyScale = look.colors.scale.name
        }

        /// Nil where a colour has not three components, or the scale is unknown.
        var look: Look? {
            func color(_ components: [Double]) -> LinearColor? {
                components.count == 3
                    ? LinearColor(red: components[0], green: components[1], blue: components[2]) : nil
            }
            guard let center = color(center), let corner = color(corner), let accent = color(accent) else { return nil }
            guard let scale = HueScale(name: frequencyScale ?? HueScale.logarithmic.name) else { return nil }
            return Look(
                center: center, corner: corner, accent: accent, glow: glow, trails: trails, hasLabels: labels,
                colors: ColorRule(rotates: phiRotation ?? true, breathes: phiBreathing ?? true, scale: scale))
        }
    }

    let schema: String
    /// The frame's number.
    let frame: UInt32
    let scene: String
    let look: LookDocument
    /// 0 … 5.
    let quality: Int
    /// Whether the server chose the level.
    let isQualityAutomatic: Bool
    /// Whether the picture shows the scene alone: no transition, no figures or mark over it.
    let isPlain: Bool
    let device: String
    let driver: String
    let state: StateDocument
    /// The picture, a whole PNG file.
    let png: Data

    init(_ still: SnapshotDesk.Still, _ drawn: DrawnFrame, device: String, driver: String) {
        let content = drawn.content
        schema = Self.currentSchema
        frame = still.info.sequence
        scene = SceneCatalog.entries[content.scene].name
        look = LookDocument(content.look)
        quality = content.quality.level
        isQualityAutomatic = content.isQualityAutomatic
        isPlain = content.outgoing == nil && content.hud == nil && content.latencyMark == nil
        self.device = device
        self.driver = driver
        state = StateDocument(drawn.state)
        png = Data(still.bytes)
    }

    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = .sortedKeys
        return try encoder.encode(self)
    }

    /// Nil where the document is none of a frame.
    init?(json: Data) {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let document = try? decoder.decode(Self.self, from: json), document.schema == Self.currentSchema else {
            return nil
        }
        self = document
    }
}
