import PhiModel

/// What one frame is to show.
public struct FrameContent: BitwiseCopyable, Sendable {
    /// A picture that gives way to the one that is shown.
    public struct Outgoing: BitwiseCopyable, Sendable {
        /// An index of `SceneCatalog`.
        public var scene: Int
        /// How it is dressed.
        public var look: Look
        /// How it gives way.
        public var style: Transition.Style
        /// How far it has: 0 (it alone is seen) … 1 (nothing of it).
        public var progress: Double
        /// Whether the picture that the frame before drew of it is used again. Only for a renderer with one frame in
        /// flight, whose last frame had the same outgoing picture.
        public var isRetained = false

        public init(scene: Int, look: Look = Look(), style: Transition.Style, progress: Double) {
            self.scene = scene
            self.look = look
            self.style = style
            self.progress = progress
        }

        /// Whether both show the same scene in the same dress, however far they have given way.
        func isSamePicture(as other: Self) -> Bool { scene == other.scene && look == other.look }
    }

    /// An index of `SceneCatalog`.
    public var scene: Int
    /// How it is dressed.
    public var look: Look
    /// How much is drawn.
    public var quality: QualityLevel
    /// Whether the renderer chose the level itself: then it may leave out of it what saves nothing on its device.
    public var isQualityAutomatic = false
    /// What gives way to it, while there is something.
    public var outgoing: Outgoing?
    /// What is written over the picture, if anything.
    public var hud: HUDFigures?
    /// What the frame says of itself to machines, if anything.
    public var latencyMark: LatencyMark?

    public init(
        scene: Int, look: Look = Look(), quality: QualityLevel = .full, outgoing: Outgoing? = nil,
        hud: HUDFigures? = nil
    ) {
        self.scene = scene
        self.look = look
        self.quality = quality
        self.outgoing = outgoing
        self.hud = hud
    }
}
