import FrameServer
import PhiModel
import PhiRenderer
import Synchronization
import Telemetry
import VulkanKit

/// Shows the renderer to the server.
final class RendererAdapter: RendererPort {
    private let present: Mutex<RendererDescription>
    private let controls: RenderControls
    private let statistics: QualityStatistics

    init(
        device: PhysicalDevice, options: RendererOptions, fps: Int, controls: RenderControls,
        statistics: QualityStatistics
    ) {
        present = Mutex(
            RendererDescription(
                device: device.name, driver: device.driver, isSoftware: device.kind == .software, width: options.width,
                height: options.height, targetFPS: fps))
        self.controls = controls
        self.statistics = statistics
    }

    var description: RendererDescription { present.withLock { $0 } }

    var trouble: String? { controls.trouble }

    /// Another device draws from here on.
    func isDrawn(by device: PhysicalDevice) {
        present.withLock { description in
            description.device = device.name
            description.driver = device.driver
            description.isSoftware = device.kind == .software
        }
    }

    var scenes: [SceneDescription] {
        SceneCatalog.entries.map { SceneDescription(name: $0.name, summary: $0.summary) }
    }

    var currentScene: String { SceneCatalog.entries[controls.sceneIndex].name }

    func showScene(_ name: String, transition: Transition) -> Bool {
        guard let index = try? SceneCatalog.index(of: name) else { return false }
        controls.show(scene: index, transition: transition)
        return true
    }

    var qualityLevels: [QualityDescription] {
        QualityLevel.all.map { QualityDescription(level: $0.level, summary: $0.summary) }
    }

    var quality: QualityReport {
        let figures = statistics.figures()
        switch controls.quality {
        case .fixed(let level):
            return QualityReport(
                level: level.level, isAutomatic: false, reason: .chosen, changes: figures.changes)
        case .automatic:
            return QualityReport(
                level: controls.qualityLevel.level, isAutomatic: true, reason: figures.lastReason ?? .chosen,
                changes: figures.changes)
        }
    }

    func setQuality(_ wish: QualityWish) {
        switch wish {
        case .automatic: controls.quality = .automatic
        case .level(let number):
            if let level = QualityLevel(number) { controls.quality = .fixed(level) }
        }
    }

    var isHUDShown: Bool { controls.isHUDShown }

    func showHUD(_ isShown: Bool) { controls.isHUDShown = isShown }

    var colorRule: ColorRule { controls.look.colors }

    func follow(_ rule: ColorRule) { controls.follow(rule) }
}
