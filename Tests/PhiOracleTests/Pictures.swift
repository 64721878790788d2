import Foundation
import Handoff
import ImageVerify
import PhiEngine
import PhiModel
import PhiOracle
import PhiRenderer
import Testing
import VulkanKit

/// Pictures as the renderer draws them.
struct Pictures {
    private let renderer: FrameRenderer

    init(_ size: PictureSize) throws {
        let instance = try Instance()
        let device = try Device(instance: instance, physical: try instance.choosePhysicalDevice())
        renderer = try FrameRenderer(
            device: device, options: RendererOptions(width: size.width, height: size.height))
    }

    func picture(
        _ scene: String, _ state: EngineState, look: Look = Look(), quality: Int = 5
    ) throws -> RasterImage {
        let level = try #require(QualityLevel(quality))
        let content = try FrameContent(scene: SceneCatalog.index(of: scene), look: look, quality: level)
        let image = try renderer.renderStill(state, content) { lease in
            RasterImage(width: lease.info.width, height: lease.info.height, bytes: [UInt8](lease.pixels))
        }
        return try #require(image)
    }
}

struct PictureSize: CustomTestStringConvertible, Sendable, Equatable {
    let width: Int
    let height: Int

    var testDescription: String { "\(width)×\(height)" }

    static let smallest = PictureSize(width: 180, height: 180)
    static let all = [
        PictureSize(width: 320, height: 180), PictureSize(width: 640, height: 360),
        PictureSize(width: 180, height: 320), PictureSize(width: 1280, height: 720),
    ]
}
