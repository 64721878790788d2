import PhiModel

/// Decides which picture a frame shows, and what gives way to it, from what others wish.
///
/// A change that comes while one is under way waits for it, and hurries it: no picture ever jumps. Of several that wait, the
/// newest wins.
struct PictureDirector {
    private struct Running {
        var from: (scene: Int, look: Look)
        var transition: Transition
        /// How far it is, [0, 1).
        var progress: Double
    }

    /// How long a change may still take once another waits for it, s.
    private static let hurry = 0.25

    private var shown: (scene: Int, look: Look)
    private var running: Running?
    /// The number of the change that is shown or under way.
    private var change: UInt64
    private var lastTime: Double?

    init(_ wishes: RenderWishes) {
        shown = (wishes.scene, wishes.look)
        change = wishes.change
    }

    /// What the frame at `time` shows; its quality and figures are left at their defaults.
    /// - Parameter time: s of any steady clock.
    mutating func content(_ wishes: RenderWishes, at time: Double) -> FrameContent {
        let passed = max(time - (lastTime ?? time), 0)
        lastTime = time
        let isWaiting = wishes.change != change
        if var current = running {
            let left = (1 - current.progress) * current.transition.seconds
            let speed = isWaiting ? max(left / Self.hurry, 1) : 1
            current.progress += passed * speed / current.transition.seconds
            running = current.progress < 1 ? current : nil
        }
        if isWaiting, running == nil { begin(wishes) }
        guard let running else { return FrameContent(scene: shown.scene, look: shown.look) }
        guard needsTwoPictures(running) else {
            return FrameContent(scene: shown.scene, look: running.from.look.mixed(with: shown.look, running.progress))
        }
        return FrameContent(
            scene: shown.scene, look: shown.look,
            outgoing: FrameContent.Outgoing(
                scene: running.from.scene, look: running.from.look, style: running.transition.style,
                progress: running.progress))
    }

    /// The same scene in another dress is blended in one picture, but for what cannot be: labels, which make room for
    /// themselves, hues that follow another rule, and the other styles of transition, which show both pictures side by side.
    private func needsTwoPictures(_ running: Running) -> Bool {
        running.from.scene != shown.scene || running.from.look.hasLabels != shown.look.hasLabels
            || running.from.look.colors != shown.look.colors
            || running.transition.style != .crossFade
    }

    private mutating func begin(_ wishes: RenderWishes) {
        change = wishes.change
        let before = shown
        shown = (wishes.scene, wishes.look)
        guard wishes.transition.seconds > 0, before != shown else { return }
        running = Running(from: before, transition: wishes.transition, progress: 0)
    }
}
