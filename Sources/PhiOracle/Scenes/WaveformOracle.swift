#if canImport(Glibc)
    import Glibc
#endif
import PhiModel

/// The waveform scene: the envelope of Φ and its marker, the lanes, and the bars of amplitude.
struct WaveformOracle {
    private let subject: Subject
    private let layout: WaveformReference
    private let marker: Double

    init(_ subject: Subject) {
        self.subject = subject
        layout = WaveformReference(subject)
        marker = subject.state.phi.phase / (2 * Double.pi)
    }

    func probes() -> [Probe] {
        guard layout.right - layout.left >= 40 else { return [] }
        return envelope() + markerPlace() + (0..<8).flatMap(lane) + (0..<8).flatMap(bar)
    }

    private var envelopeWidth: Double { max(2.5 * subject.unit, 1) }
    private var laneWidth: Double { max(2.4 * subject.unit, 1) }
    /// How far from the middle of a stroke nothing else may be, and is looked at.
    private func reach(_ width: Double) -> Double { width / 2 + 2 * subject.softness + 1 }

    /// The light around a curve, which reaches so many units.
    private func light(_ color: LinearColor, strength: Double, reach: Double) -> GroundLight {
        let glow = subject.quality >= 4 ? subject.look.glow : 0
        return GroundLight(on: subject.look.center) {
            color.scaled(by: strength * glow * GroundLight.ofLine($0 / (reach * subject.unit)))
        }
    }

    /// The vertical distance from a place to the nearest waveform, pixels.
    private func distanceToWaves(_ x: Double, _ y: Double) -> Double {
        (0..<8).map { abs(layout.waveY($0, layout.position(x)) - y) }.reduce(.infinity, min)
    }

    /// How far it is along the curve `y` to the next waveform, near x.
    private func clearance(_ x: Double, within reach: Double, _ y: (Double) -> Double) -> Double {
        stride(from: -1.5, through: 1.5, by: 0.25).map { distanceToWaves(x + $0 * reach, y(x + $0 * reach)) }
            .reduce(.infinity, min)
    }

    /// The height of the envelope at a few places clear of waveforms and of the marker.
    private func envelope() -> [Probe] {
        let reach = reach(envelopeWidth)
        let curve = { (x: Double) in layout.envelopeY(layout.position(x)) }
        var candidates: [(place: CurvePlace, clearance: Double)] = []
        for step in 2...58 {
            let x = layout.x(Double(step) / 60)
            guard abs(x - layout.x(marker)) > 2 * reach + 6 * subject.unit,
                let place = CurvePlace(x: x, reach: 2.5, steepest: 6, curve)
            else { continue }
            let clearance = clearance(x, within: reach, curve) / hypot(1, place.slope)
            if clearance > reach + laneWidth / 2 + 0.5 { candidates.append((place, clearance)) }
        }
        return candidates.sorted { $0.clearance > $1.clearance }.prefix(8).compactMap { candidate in
            let place = candidate.place
            let fit = place.fit(subject, along: 2.5, across: reach)
            guard
                let found = fit.visible(
                    width: envelopeWidth, ink: subject.look.accent, alpha: 0.85,
                    on: light(subject.look.accent, strength: 0.18, reach: 26))
            else {
                return nil
            }
            let percent = Int((100 * layout.position(place.x)).rounded())
            return Probe(
                name: "height of the envelope at \(percent) % of the cycle", expected: place.y,
                measured: place.y + found.offset * hypot(1, place.slope),
                tolerance: (0.5 + subject.blur) * hypot(1, place.slope), unit: "px")
        }
    }

    /// The middle of the marker, by how much of each pixel is paler than the envelope.
    private func markerPlace() -> [Probe] {
        let x = layout.x(marker), y = layout.envelopeY(marker)
        let radius = max(5.5 * subject.unit, 2), reach = radius + 3
        // Smaller than the pixels that are scaled up it is too much spread.
        guard subject.quality == 5 || radius >= 2 * subject.softness,
            clearance(x, within: reach, { _ in y }) > radius + laneWidth + 1
        else { return [] }
        let accent = subject.look.accent
        let ink = accent.mixed(with: LinearColor(red: 1, green: 1, blue: 1), 0.5), line = accent.scaled(by: 0.85)
        let r = ink.red - line.red, g = ink.green - line.green, b = ink.blue - line.blue
        let square = r * r + g * g + b * b
        guard square > 0.05 else { return [] }
        var mass = 0.0, sumX = 0.0, sumY = 0.0
        for row in subject.row(y - reach)...subject.row(y + reach) {
            for column in subject.column(x - reach)...subject.column(x + reach) {
                let u = Double(column) + 0.5 - x, v = Double(row) + 0.5 - y
                guard u * u + v * v <= reach * reach else { continue }
                let seen = subject.light(column: column, row: row)
                let share =
                    (((seen.red - line.red) * r + (seen.green - line.green) * g + (seen.blue - line.blue) * b) / square)
                    .clamped(to: 0...1)
                mass += share
                sumX += share * u
                sumY += share * v
            }
        }
        let isSeen = abs(mass / (Double.pi * radius * radius) - 1) < 0.6
        return [("x", x, sumX), ("y", y, sumY)].map { axis, expected, sum in
            Probe(
                name: "\(axis) of the marker of Φ", expected: expected, measured: isSeen ? expected + sum / mass : .nan,
                tolerance: 0.7 + subject.blur, unit: "px")
        }
    }

    /// The height of a waveform at a few places clear of the envelope, in the newer half, which no trail makes faint.
    private func lane(_ k: Int) -> [Probe] {
        let color = subject.colors[k].color.lifted(to: 0.42), reach = reach(laneWidth)
        let curve = { (x: Double) in layout.waveY(k, layout.position(x)) }
        var probes: [Probe] = []
        for step in 0..<48 where probes.count < 3 {
            let position = 0.97 - 0.01 * Double(step), x = layout.x(position)
            guard abs(x - layout.x(marker)) > reach + 2 * subject.unit + 1,
                let place = CurvePlace(x: x, reach: 2, steepest: 2, curve)
            else { continue }
            let toEnvelope = stride(from: -1.5, through: 1.5, by: 0.25)
                .map { abs(layout.envelopeY(layout.position(x + $0 * reach)) - place.y) }
                .reduce(Double.infinity, min)
            guard toEnvelope > reach + envelopeWidth + max(5.5 * subject.unit, 2) else { continue }
            // The older part of a lane fades.
            let alpha = subject.quality >= 4 ? 1 - 0.8 * subject.look.trails * (1 - position) : 1
            let fit = place.fit(subject, along: 1.5, across: reach)
            guard
                let found = fit.visible(
                    width: laneWidth, ink: color, alpha: alpha,
                    on: light(subject.colors[k].color, strength: 0.6 * alpha, reach: 15))
            else { continue }
            probes.append(
                Probe(
                    name: "height of \(ChannelReference.name(k)) at \(Int((100 * position).rounded())) % of its lane",
                    expected: place.y, measured: place.y + found.offset * hypot(1, place.slope),
                    tolerance: (0.6 + subject.blur) * hypot(1, place.slope), unit: "px"))
        }
        return probes
    }

    /// Hue of a bar, and its filled length read as an amplitude.
    private func bar(_ k: Int) -> [Probe] {
        let channel = subject.colors[k], name = "bar \(ChannelReference.name(k))"
        let y = layout.laneY(k), height = layout.barHeight, length = layout.barRight - layout.barLeft
        let filled = length * channel.amplitude
        // A shorter bar is drawn as a disc.
        guard filled > 2 * height else { return [] }
        // The row that lies in the bar as a whole.
        let row = subject.row(y)
        func light(_ x: Double) -> LinearColor { subject.light(column: subject.column(x), row: row) }
        var mean = MeanLight()
        for x in stride(from: layout.barLeft + height + 0.5, to: layout.barLeft + filled - height / 2 - 0.5, by: 1) {
            mean.add(light(x))
        }
        guard let seen = mean.color else { return [] }
        var probes: [Probe] = []
        if abs((Double(row) + 0.5) - y) <= height / 2 - (subject.quality == 5 ? 0.5 : subject.inset),
            let hue = HueReading.probe(name, expected: channel.color, measured: seen)
        {
            probes.append(hue)
        }
        let end = layout.barLeft + filled
        guard EncodedColor(channel.color).value >= 0.35 else { return probes }
        let first = (layout.barLeft + height).rounded(.down)
        let pixels = stride(from: first + 0.5, to: min(end + 5, subject.width), by: 1).map(light)
        let crossing = EdgeSearch.crossing(pixels, inside: channel.color).map { first + $0 - layout.barLeft }
        probes.append(
            Probe(
                name: "amplitude of \(ChannelReference.name(k)) by its bar", expected: channel.amplitude,
                measured: crossing.map { $0 / length } ?? .nan, tolerance: max(0.02, (0.8 + subject.blur) / length)))
        return probes
    }
}
