import PhiModel

/// One colour and nothing else.
struct FlatFillScene: Scene {
    func draw(_ state: borrowing EngineState, on canvas: Canvas) { canvas.fillGround() }
}
