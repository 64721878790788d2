/// Where sound comes from while it happens: mono, 48,000 samples a second, ±1 at full scale.
public protocol SoundInput: Sendable {
    /// What it listens to, as people call it.
    var name: String { get }
    /// Moves the oldest samples into `samples`, all or none; called by one thread at a time, and never waits.
    /// - Returns: Whether there were as many.
    func read(into samples: UnsafeMutableBufferPointer<Float>) -> Bool
    /// How many samples wait.
    var count: Int { get }
    /// How it fares.
    var health: EngineHealth { get }
    /// Nobody will listen any more.
    func stop()
}
