import PhiModel

/// A way of showing the engine's state. A scene keeps nothing between frames: its picture is a function of the state.
protocol Scene: Sendable {
    /// Draws one frame over the background. Called on the render thread: it may not allocate, lock or wait.
    func draw(_ state: borrowing EngineState, on canvas: Canvas)
}
