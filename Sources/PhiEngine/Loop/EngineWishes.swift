/// What is wanted of the engine, whichever runs.
public struct EngineWishes: Sendable {
    /// What shapes it.
    public var settings: EngineSettings
    /// Where Φ comes from.
    public var phi = PhiWish.engine
    /// Whether time stands still.
    public var isPaused = false

    public init(settings: EngineSettings = EngineSettings()) { self.settings = settings }
}
