import Foundation
import Handoff
import PhiModel
import Testing
import VulkanKit

@testable import PhiRenderer

/// A renderer under the validation layer, and the pictures it draws. For tests with the trait `.validated`.
struct TestRenderer {
    let renderer: FrameRenderer
    private let quality: QualityLevel

    init(
        width: Int = 640, height: Int = 360, quality: QualityLevel = .full, framesInFlight: Int? = nil
    ) throws {
        self.quality = quality
        let log = try #require(Validated.log, "The suite lacks the trait .validated.")
        let instance = try Instance(validationLog: log)
        let device = try Device(instance: instance, physical: try instance.choosePhysicalDevice())
        renderer = try FrameRenderer(
            device: device,
            options: RendererOptions(
                width: width, height: height, framesInFlight: framesInFlight))
    }

    func picture(_ scene: String, _ state: EngineState = .lively, look: Look = Look()) throws -> Picture {
        try picture(FrameContent(scene: SceneCatalog.index(of: scene), look: look, quality: quality), state)
    }

    func picture(_ content: FrameContent, _ state: EngineState = .lively) throws -> Picture {
        try renderer.renderStill(state, content) { Picture($0) }
    }
}

/// The pixels of a finished frame, copied out.
struct Picture: Equatable {
    let width: Int
    let height: Int
    private let bytes: [UInt8]

    init(_ lease: borrowing FrameLease) {
        width = lease.info.width
        height = lease.info.height
        bytes = [UInt8](lease.pixels)
    }

    struct Pixel: Equatable {
        var red: Int, green: Int, blue: Int, alpha: Int

        /// Degrees, [0, 360).
        var hue: Double {
            let r = Double(red), g = Double(green), b = Double(blue)
            let high = max(r, g, b), low = min(r, g, b)
            guard high > low else { return 0 }
            let sixth =
                if high == r { (g - b) / (high - low) } else if high == g { (b - r) / (high - low) + 2 } else {
                    (r - g) / (high - low) + 4
                }
            return (sixth * 60 + 360).truncatingRemainder(dividingBy: 360)
        }

        /// In linear light.
        var linear: LinearColor { LinearColor(sRGB: Double(red) / 255, Double(green) / 255, Double(blue) / 255) }

        /// How light it is to the eye, 0 … 255.
        var luma: Double { 0.2126 * Double(red) + 0.7152 * Double(green) + 0.0722 * Double(blue) }

        /// The strongest component, 0 … 1.
        var value: Double { Double(max(red, green, blue)) / 255 }
    }

    subscript(x: Double, y: Double) -> Pixel {
        let column = min(max(Int(x), 0), width - 1), row = min(max(Int(y), 0), height - 1)
        let n = (row * width + column) * 4
        return Pixel(red: Int(bytes[n]), green: Int(bytes[n + 1]), blue: Int(bytes[n + 2]), alpha: Int(bytes[n + 3]))
    }

    /// Linear light at a place, between the pixels.
    func light(_ x: Double, _ y: Double) -> LinearColor {
        let left = (x - 0.5).rounded(.down), top = (y - 0.5).rounded(.down)
        func at(_ dx: Double, _ dy: Double) -> LinearColor { self[left + dx, top + dy].linear }
        let u = x - 0.5 - left, v = y - 0.5 - top
        return at(0, 0).mixed(with: at(1, 0), u).mixed(with: at(0, 1).mixed(with: at(1, 1), u), v)
    }

    /// How many pixels differ from another picture's by more than `tolerance` levels in a component.
    func difference(_ other: Picture, tolerance: Int = 0) -> Int {
        guard bytes.count == other.bytes.count else { return max(width * height, other.width * other.height) }
        var count = 0
        for n in stride(from: 0, to: bytes.count, by: 4)
        where (0..<4).contains(where: { abs(Int(bytes[n + $0]) - Int(other.bytes[n + $0])) > tolerance }) {
            count += 1
        }
        return count
    }

    var isOpaque: Bool { stride(from: 3, to: bytes.count, by: 4).allSatisfy { bytes[$0] == 255 } }

    /// How light it is to the eye all over, 0 … 255.
    var meanLuma: Double {
        var sum = 0.0
        for n in stride(from: 0, to: bytes.count, by: 4) {
            sum += 0.2126 * Double(bytes[n]) + 0.7152 * Double(bytes[n + 1]) + 0.0722 * Double(bytes[n + 2])
        }
        return 4 * sum / Double(bytes.count)
    }

    /// How many different colours there are.
    var colorCount: Int {
        var colors: Set<Int> = []
        for n in stride(from: 0, to: bytes.count, by: 4) {
            colors.insert(Int(bytes[n]) << 16 | Int(bytes[n + 1]) << 8 | Int(bytes[n + 2]))
        }
        return colors.count
    }
}

extension EngineState {
    /// A state in which every part of every scene shows.
    static var lively: EngineState {
        var state = EngineState()
        state.time = 1.0 / 6
        state.phi.depth = 1.2
        state.phi.phase = 1
        state.ici = 0.4
        state.coherence = 0.8
        state.criticality = 0.9
        for (i, j, value) in [(0, 3, 0.9), (1, 5, -0.6), (2, 7, 0.45), (4, 6, 0.29)] {
            state.coupling[i, j] = value
        }
        for k in 0..<EngineState.channelCount {
            for n in 0..<Waveforms.length {
                state.waveforms[k, n] = Float(sin(Double(n) / Double(Waveforms.length) * Angle.turn * Double(k + 1)))
            }
        }
        return state
    }
}
