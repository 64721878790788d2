import ImageVerify
import PhiModel

/// A picture under measurement, with what it is to show and what follows for every scene from its size and quality.
struct Subject {
    let state: EngineState
    let look: Look
    let image: RasterImage
    /// 0 … 5.
    let quality: Int
    /// Pixels.
    let width: Double
    let height: Double
    /// The size of small things, pixels: 1 where the shorter side is 720.
    let unit: Double
    /// The width of a soft edge, pixels of the picture: one of the target, which is smaller at lower qualities.
    let softness: Double
    /// How much further than usual a position may be off, pixels: at lower qualities shapes are scaled up.
    let blur: Double
    /// How far from an edge a pixel has nothing of what is beyond it, pixels.
    let inset: Double
    /// How much wider the tolerance of a hue is that is read from pixels which share it, than at the highest quality.
    let hueSlack: Double
    /// As it is drawn, [0, 1].
    let breathing: Double
    /// Of the eight channels.
    let colors: [ChannelReference]

    init(state: EngineState, look: Look, quality: Int, image: RasterImage) {
        self.state = state
        self.look = look
        self.image = image
        let quality = quality.clamped(to: 0...5)
        self.quality = quality
        width = Double(image.width)
        height = Double(image.height)
        unit = min(width, height) / 720
        // Domain §5: 0.5×, 0.6×, … full resolution. Scaling up spreads an edge a little further.
        let scale = 0.5 + 0.1 * Double(quality)
        softness = quality == 5 ? 1 : 1.4 / scale
        inset = quality == 5 ? 0.75 : 2 / scale
        hueSlack = quality == 5 ? 1 : 2
        blur = quality == 5 ? 0 : 0.4 / scale
        let breathes = quality >= 2 && look.colors.breathes
        breathing = breathes ? BreathingReference.breathing(state.phi, time: state.time) : 0.5
        colors = ChannelReference.all(of: state, breathing: breathing, rule: look.colors)
    }

    /// Linear light in the pixel that holds the place (x, y).
    func light(_ x: Double, _ y: Double) -> LinearColor { light(column: column(x), row: row(y)) }

    /// Linear light of a pixel.
    func light(column: Int, row: Int) -> LinearColor {
        let pixel = image[column, row]
        return LinearColor(
            red: Encoding.linear[Int(pixel.red)], green: Encoding.linear[Int(pixel.green)],
            blue: Encoding.linear[Int(pixel.blue)])
    }

    /// The column that holds `x`; outside of the picture the nearest.
    func column(_ x: Double) -> Int { Int(x.rounded(.down).clamped(to: 0...(width - 1))) }
    /// The row that holds `y`.
    func row(_ y: Double) -> Int { Int(y.rounded(.down).clamped(to: 0...(height - 1))) }

    /// The mean light over the pixels whose middles lie in a rectangle; nil where there are none.
    func meanLight(left: Double, top: Double, right: Double, bottom: Double) -> LinearColor? {
        let columns = indices(left, right, count: image.width), rows = indices(top, bottom, count: image.height)
        // Large areas are sampled: they have no more to tell than small ones.
        let step = max(Int((Double(columns.count * rows.count) / 1_000).squareRoot()), 1)
        var mean = MeanLight()
        for row in stride(from: rows.lowerBound, to: rows.upperBound, by: step) {
            for column in stride(from: columns.lowerBound, to: columns.upperBound, by: step) {
                mean.add(light(column: column, row: row))
            }
        }
        return mean.color
    }

    /// The pixels whose middles lie between two places.
    private func indices(_ from: Double, _ to: Double, count: Int) -> Range<Int> {
        let first = Int((from - 0.5).rounded(.up).clamped(to: 0...Double(count)))
        let end = Int((to - 0.5).rounded(.down).clamped(to: -1...Double(count - 1))) + 1
        return first..<max(first, end)
    }
}
