import Handoff
import PhiModel
import Synchronization

/// What others tell the render thread, and what it tells them. The render thread never waits for the lock: it reads a
/// triple buffer.
public final class RenderControls: Sendable {
    private let wishes: Mutex<RenderWishes>
    /// Written under the lock of `wishes`; read by the render thread alone.
    let published: TripleBuffer<RenderWishes>
    private let stopping = Atomic<Bool>(false)
    private let changed = Atomic<UInt64>(0)
    private let frames = Atomic<UInt64>(0)
    private let newest = Atomic<UInt64>(0)
    private let level: Atomic<Int>
    private let loss = Atomic<Bool>(false)
    private let losses = Atomic<UInt64>(0)
    private let isTroubled = Atomic<Bool>(false)
    private let misfortune = Mutex<String?>(nil)

    /// - Parameters:
    ///   - scene: The index in `SceneCatalog` to begin with.
    ///   - look: How the pictures are dressed to begin with.
    ///   - quality: Who decides how much is drawn.
    public init(scene: Int, look: Look = Look(), quality: QualityMode = .fixed(.full)) {
        let initial = RenderWishes(scene: scene, look: look, quality: quality.number)
        wishes = Mutex(initial)
        published = TripleBuffer(initial)
        level = Atomic(quality.number < 0 ? QualityLevel.full.level : quality.number)
    }

    private func change(_ body: (inout RenderWishes) -> Void) {
        wishes.withLock { wishes in
            body(&wishes)
            published.publish(wishes)
            changed.store(MonotonicClock.microseconds, ordering: .releasing)
        }
    }

    /// When any of this was last changed: µs of the monotonic clock; 0 where it never was.
    public var changedAt: UInt64 { changed.load(ordering: .acquiring) }

    /// Shows another scene, and another look where one is given, from the next frame on. The rule of the colours stays.
    /// - Parameter scene: An index of `SceneCatalog`.
    public func show(scene: Int, look: Look? = nil, transition: Transition) {
        change { wishes in
            wishes.scene = scene
            if let look {
                let colors = wishes.look.colors
                wishes.look = look
                wishes.look.colors = colors
            }
            wishes.transition = transition
            wishes.change += 1
        }
    }

    /// How the pictures are dressed, or are being changed to.
    public var look: Look { wishes.withLock { $0.look } }

    /// Lets colours and light follow another rule, with the standard transition.
    public func follow(_ colors: ColorRule) {
        change { wishes in
            guard wishes.look.colors != colors else { return }
            wishes.look.colors = colors
            wishes.transition = .standard
            wishes.change += 1
        }
    }

    /// The index in `SceneCatalog` of the scene that is shown, or being changed to.
    public var sceneIndex: Int { wishes.withLock { $0.scene } }

    /// Whether figures are drawn over the picture.
    public var isHUDShown: Bool {
        get { wishes.withLock { $0.isHUDShown } }
        set { change { $0.isHUDShown = newValue } }
    }

    /// Whether pictures carry a `LatencyMark`.
    public var isLatencyMarked: Bool {
        get { wishes.withLock { $0.isLatencyMarked } }
        set { change { $0.isLatencyMarked = newValue } }
    }

    /// Who decides how much is drawn.
    public var quality: QualityMode {
        get { wishes.withLock { QualityMode(number: $0.quality) } }
        set { change { $0.quality = newValue.number } }
    }

    /// How much is drawn now.
    public var qualityLevel: QualityLevel { QualityLevel(level.load(ordering: .relaxed)) ?? .full }

    /// Frames that were finished since the start.
    public var frameCount: UInt64 { frames.load(ordering: .relaxed) }

    /// When the newest frame was finished: µs of the monotonic clock; 0 before the first.
    public var newestFrameTime: UInt64 { newest.load(ordering: .relaxed) }

    /// Why nothing is drawn at present; nil where something is.
    public var trouble: String? { misfortune.withLock { $0 } }

    /// How often a device was lost, since the start.
    public var deviceLossCount: UInt64 { losses.load(ordering: .relaxed) }

    /// Lets the render thread behave as if its device were lost at the next frame: to see what then happens.
    public func loseDevice() { loss.store(true, ordering: .relaxed) }

    /// Whether that was asked for; once.
    func takeLoss() -> Bool { loss.load(ordering: .relaxed) && loss.exchange(false, ordering: .relaxed) }

    func deviceWasLost(_ why: String) {
        losses.add(1, ordering: .relaxed)
        misfortune.withLock { $0 = why }
        isTroubled.store(true, ordering: .releasing)
    }

    /// Ends the render thread after its present frame.
    public func stop() { stopping.store(true, ordering: .relaxed) }

    var isStopping: Bool { stopping.load(ordering: .relaxed) }

    func frameFinished(at time: UInt64) {
        frames.add(1, ordering: .relaxed)
        newest.store(time, ordering: .relaxed)
        // The first frame of another device is the end of the trouble; other frames take no lock.
        if isTroubled.load(ordering: .relaxed), isTroubled.exchange(false, ordering: .acquiring) {
            misfortune.withLock { $0 = nil }
        }
    }

    func qualityChanged(to level: QualityLevel) { self.level.store(level.level, ordering: .relaxed) }
}

extension QualityMode {
    /// The level, or −1 for automatic.
    fileprivate var number: Int {
        switch self {
        case .fixed(let level): level.level
        case .automatic: -1
        }
    }

    init(number: Int) { self = QualityLevel(number).map(QualityMode.fixed) ?? .automatic }
}
