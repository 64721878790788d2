import Synchronization

/// What others tell the render thread, and what it tells them, without locks.
public final class RenderControls: Sendable {
    private let scene: Atomic<Int>
    private let stopping = Atomic<Bool>(false)
    private let frames = Atomic<UInt64>(0)
    private let newest = Atomic<UInt64>(0)

    /// - Parameter scene: The index in `SceneCatalog` to begin with.
    public init(scene: Int) { self.scene = Atomic(scene) }

    /// The index in `SceneCatalog` of the scene that is shown, from the next frame on.
    public var sceneIndex: Int {
        get { scene.load(ordering: .relaxed) }
        set { scene.store(newValue, ordering: .relaxed) }
    }

    /// Frames that were finished since the start.
    public var frameCount: UInt64 { frames.load(ordering: .relaxed) }

    /// When the newest frame was finished: µs of the monotonic clock; 0 before the first.
    public var newestFrameTime: UInt64 { newest.load(ordering: .relaxed) }

    /// Ends the render thread after its present frame.
    public func stop() { stopping.store(true, ordering: .relaxed) }

    var isStopping: Bool { stopping.load(ordering: .relaxed) }

    func frameFinished(at time: UInt64) {
        frames.add(1, ordering: .relaxed)
        newest.store(time, ordering: .relaxed)
    }
}
