import PhiModel

/// What others want to see, as the render thread reads it.
struct RenderWishes: BitwiseCopyable, Sendable {
    /// The index in `SceneCatalog`.
    var scene: Int
    var look: Look
    /// Counts the changes of scene and look; the render thread begins `transition` where it grows.
    var change: UInt64 = 0
    var transition = Transition.none
    var isHUDShown = false
    var isLatencyMarked = false
    /// 0 … 5, or −1 where the scaler decides.
    var quality: Int
}
