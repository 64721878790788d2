import ImageVerify
import PhiModel
public enum FrameSanity { public static func faults(_ image: RasterImage) -> [String] { [] } }
public enum SceneOracle { public static func probes(scene: String, state: EngineState, look: Look, quality: Int, image: RasterImage) -> [Probe] { [] } }
