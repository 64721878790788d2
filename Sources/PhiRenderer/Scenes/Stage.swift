import PhiModel

/// Where a round scene has its middle and how large it may be, beside a legend of the channels: pixels.
struct Stage {
    let centerX: Double
    let centerY: Double
    /// Of the largest circle.
    let radius: Double

    init(_ canvas: Canvas) {
        let width = canvas.width, height = canvas.height
        centerX = width / 2
        let legend = canvas.look.hasLabels ? ChannelLegend.depth(width: width, height: height, unit: canvas.unit) : 0
        let reach = 0.455 * min(width, height)
        if width >= height {
            centerY = height / 2
            // The legend is on one side, and the picture stays in the middle.
            radius = max(min(reach, width / 2 - legend), 0.3 * height)
        } else {
            centerY = max((height - legend) / 2, reach)
            radius = min(reach, (height - legend) / 2)
        }
    }
}
