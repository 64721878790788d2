import FrameServer
import PhiModel
import PhiRenderer
import VulkanKit

/// Shows the renderer to the server.
struct RendererAdapter: RendererPort {
    let description: RendererDescription
    private let controls: RenderControls

    init(device: PhysicalDevice, options: RendererOptions, fps: Int, controls: RenderControls) {
        description = RendererDescription(
            device: device.name, driver: device.driver, isSoftware: device.kind == .software, width: options.width,
            height: options.height, targetFPS: fps, quality: controls.qualityLevel.level)
        self.controls = controls
    }

    var scenes: [SceneDescription] {
        SceneCatalog.entries.map { SceneDescription(name: $0.name, summary: $0.summary) }
    }

    var currentScene: String { SceneCatalog.entries[controls.sceneIndex].name }

    func showScene(_ name: String) -> Bool {
        guard let index = try? SceneCatalog.index(of: name) else { return false }
        controls.show(scene: index, transition: .none)
        return true
    }
}
