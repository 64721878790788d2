import Handoff
import ImageVerify
import PhiModel
import PhiOracle
import PhiRenderer
import VulkanKit

/// Draws golden cases, one after the other, and measures them. Belongs to one thread.
final class CaseRenderer {
    /// A case that was drawn.
    struct Drawn {
        let image: RasterImage
        let findings: Judge.Findings
        let milliseconds: Double
    }

    let device: Device
    private let log: ValidationLog?
    private let options: (Int, Int) -> RendererOptions
    /// For the size that was drawn last.
    private var renderer: FrameRenderer?

    /// - Parameters:
    ///   - wanted: The device, by its number or a part of its name; nil for the best.
    ///   - isValidated: Whether the validation layer watches.
    ///   - options: Makes the options for a width and a height.
    init(device wanted: String?, isValidated: Bool, options: @escaping (Int, Int) -> RendererOptions) throws {
        log = isValidated ? ValidationLog() : nil
        self.options = options
        let instance = try Instance(validationLog: log)
        device = try Device(instance: instance, physical: try instance.choosePhysicalDevice(wanted))
    }

    func draw(_ subject: CaseSubject, width: Int, height: Int) throws -> Drawn {
        if renderer.map({ ($0.options.width, $0.options.height) != (width, height) }) ?? true {
            // One at a time: a large one needs much memory.
            renderer = nil
            renderer = try FrameRenderer(device: device, options: options(width, height))
        }
        guard let renderer else { throw RendererError.allBuffersBusy }
        let began = ContinuousClock.now
        defer {
            // What a failed frame left is not the next one's.
            _ = log?.take()
        }
        let image = try renderer.renderStill(subject.state, subject.content) { frame in
            RasterImage(width: width, height: height, bytes: [UInt8](frame.pixels))
        }
        guard let image else { throw RendererError.allBuffersBusy }
        let milliseconds = (ContinuousClock.now - began) / .milliseconds(1)
        var findings = Self.examine(image, subject)
        findings.validation = log?.take() ?? []
        return Drawn(image: image, findings: findings, milliseconds: milliseconds)
    }

    /// Measures a picture against the domain.
    static func examine(_ image: RasterImage, _ subject: CaseSubject) -> Judge.Findings {
        var findings = Judge.Findings(faults: FrameSanity.faults(image))
        guard subject.isPlain else { return findings }
        findings.measurements = SceneOracle.probes(
            scene: SceneCatalog.entries[subject.content.scene].name, state: subject.state, look: subject.content.look,
            quality: subject.content.quality.level, image: image
        ).map { probe in
            CaseResult.Measurement(
                name: probe.name, expected: probe.expected, measured: probe.measured, tolerance: probe.tolerance,
                unit: probe.unit, passed: probe.passes)
        }
        return findings
    }

    /// Where the validation layer's messages go; read it again once this object is gone, for what was left over.
    var validationLog: ValidationLog? { log }
}
