import ImageVerify
import PhiModel

/// Finds whether a picture of a scene is right without any other picture: from the domain's formulas, computed here once more,
/// in Double, and apart from the renderer.
public enum SceneOracle {
    /// The scenes that can be measured.
    public static let scenes = ["spectral", "breathing", "topology", "waveform", "matrix", "field"]

    /// Measures `image`, which is to show `scene` at `state`, against what the domain says.
    ///
    /// What a picture of this size, look or quality cannot tell is left out; so is everything of an unknown scene.
    /// - Parameters:
    ///   - scene: One of `scenes`.
    ///   - state: In the ranges of domain §1, as the renderer gets it.
    ///   - look: How the picture is dressed.
    ///   - quality: The level of complexity of domain §5, 0 … 5.
    ///   - image: The whole picture, without figures or any other overlay.
    public static func probes(
        scene: String, state: EngineState, look: Look, quality: Int, image: RasterImage
    ) -> [Probe] {
        let subject = Subject(state: state, look: look, quality: quality, image: image)
        return switch scene {
        case "spectral": SpectralOracle(subject).probes()
        case "breathing": BreathingOracle(subject).probes()
        case "topology": TopologyOracle(subject).probes()
        case "waveform": WaveformOracle(subject).probes()
        case "matrix": MatrixOracle(subject).probes()
        case "field": FieldOracle(subject).probes()
        default: []
        }
    }
}
