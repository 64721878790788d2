import PhiModel

/// Where samples of another program arrive, whenever they do.
protocol LiveInput: Sendable {
    /// The newest sample that was not taken yet; nil where there is none.
    func take() -> LiveSample?
    /// How it fares.
    var health: EngineHealth { get }
    /// Nobody will take any more.
    func stop()
}

extension LiveInput {
    func stop() {}
}

/// A sample that has arrived.
struct LiveSample: Sendable {
    var reading: StateReading
    /// When it was taken, by this machine's clock: Unix seconds, not after now.
    var taken: Double
}
