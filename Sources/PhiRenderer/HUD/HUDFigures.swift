/// The figures of the renderer that the HUD shows; those of the engine are in its state.
public struct HUDFigures: BitwiseCopyable, Sendable {
    /// The stages of a frame, ms.
    public struct Stages: BitwiseCopyable, Sendable {
        /// Writing and recording what is drawn.
        public var record: Double
        /// Drawing it on the device.
        public var render: Double
        /// Copying it to the host.
        public var readback: Double

        public init(record: Double = 0, render: Double = 0, readback: Double = 0) {
            self.record = record
            self.render = render
            self.readback = readback
        }

        /// All of them, ms.
        public var sum: Double { record + render + readback }
    }

    /// Frames finished a second; nil where no time passes, as in a still picture.
    public var fps: Double?
    /// What a frame may take, ms.
    public var budget: Double
    /// What frames took lately.
    public var stages: Stages
    /// 0 … 5.
    public var quality: Int
    /// Whether the scaler chose the level.
    public var isQualityAutomatic: Bool
    /// The engine's name.
    let engine: FixedText

    /// - Parameter engine: The engine's name; what is not ASCII is left out, and what is too long is cut.
    public init(
        engine: String, fps: Double? = nil, budget: Double = 1_000 / 60, stages: Stages = Stages(), quality: Int = 5,
        isQualityAutomatic: Bool = false
    ) {
        self.fps = fps
        self.budget = budget
        self.stages = stages
        self.quality = quality
        self.isQualityAutomatic = isQualityAutomatic
        var text = FixedText()
        for byte in engine.utf8 where (0x20...0x7E).contains(byte) { text.append(code: byte) }
        self.engine = text
    }
}
