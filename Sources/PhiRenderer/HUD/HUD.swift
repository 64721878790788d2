import PhiModel

/// Figures over the picture.
enum HUD {
    static func draw(_ state: borrowing EngineState, _ figures: HUDFigures, on canvas: Canvas) {}
}
