import PhiModel

/// Where round scenes have their middle. Mirrors Scenes/Stage.swift: 0.455 of the shorter side, less where a legend of the
/// channels needs the room, which is 136 units wide on the left, or 130 high at the bottom of an upright picture.
struct StageReference {
    let x: Double
    let y: Double
    /// Of the largest circle, pixels.
    let radius: Double

    init(_ subject: Subject) {
        let width = subject.width, height = subject.height
        let isWide = width >= height
        let legend = subject.look.hasLabels ? (isWide ? 136 : 130) * subject.unit : 0
        let reach = 0.455 * min(width, height)
        x = width / 2
        y = isWide ? height / 2 : max((height - legend) / 2, reach)
        radius =
            isWide ? max(min(reach, width / 2 - legend), 0.3 * height) : min(reach, (height - legend) / 2)
    }
}
