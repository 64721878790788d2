import PhiModel

/// Draws nothing over the background.
struct FlatFillScene: Scene {
    func draw(_ state: borrowing EngineState, on canvas: Canvas) {}
}
