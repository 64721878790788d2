import Foundation
import ImageVerify
import PhiModel
import PhiOracle
import Testing

/// Pictures that are wrong in one thing: the oracle finds it, by the probe that is to.
@Suite("The oracle finds what is wrong")
struct MutationTests {
    static let sizes = [PictureSize(width: 640, height: 360), PictureSize(width: 1280, height: 720)]

    /// The probes of a picture of `drawn` that is held to be one of `state`.
    private func probes(
        _ pictures: Pictures, _ scene: String, drawn: EngineState, state: EngineState,
        _ change: (RasterImage) -> RasterImage = { $0 }
    ) throws -> [Probe] {
        let image = change(try pictures.picture(scene, drawn))
        return SceneOracle.probes(scene: scene, state: state, look: Look(), quality: 5, image: image)
    }

    private func names(_ probes: [Probe]) -> [String] { probes.filter { !$0.passes }.map(\.name) }

    @Test("the hue of one channel turned by 4°", arguments: PictureSize.all)
    func hue(size: PictureSize) throws {
        let pictures = try Pictures(size), state = Sample.lively.state
        var turned = state
        // 180° a decade.
        turned.channels[3].frequency *= pow(10, 4.0 / 180)
        for scene in SceneOracle.scenes {
            let failing = names(try probes(pictures, scene, drawn: turned, state: state))
            #expect(failing.contains { $0.hasPrefix("hue of") && $0.contains("CH3") }, "\(scene): \(failing)")
            #expect(!failing.contains { $0.hasPrefix("hue of") && $0.contains("CH4") }, "\(scene): \(failing)")
        }
    }

    @Test("red and blue swapped", arguments: PictureSize.all)
    func swapped(size: PictureSize) throws {
        let pictures = try Pictures(size), state = Sample.lively.state
        for scene in SceneOracle.scenes {
            let failing = names(try probes(pictures, scene, drawn: state, state: state) { $0.swappingRedAndBlue() })
            #expect(failing.count { $0.hasPrefix("hue of") } >= 4, "\(scene): \(failing)")
        }
    }

    @Test("the picture moved by 2 px, at 1280×720 by 1 px", arguments: PictureSize.all)
    func moved(size: PictureSize) throws {
        let pictures = try Pictures(size), state = Sample.lively.state
        let step = size.width == 1280 ? 1 : 2
        for scene in SceneOracle.scenes {
            for (dx, dy) in [(step, 0), (-step, 0), (0, step), (0, -step)] {
                let failing = names(
                    try probes(pictures, scene, drawn: state, state: state) { $0.moved(byX: dx, y: dy) })
                #expect(failing.count { !$0.hasPrefix("hue of") } >= 2, "\(scene) by \(dx), \(dy): \(failing)")
            }
        }
    }

    @Test("one link left out, one too many, and one of another width", arguments: PictureSize.all)
    func links(size: PictureSize) throws {
        let pictures = try Pictures(size), state = Sample.lively.state
        func failing(_ coupling: Double, _ i: Int, _ j: Int) throws -> [String] {
            var other = state
            other.coupling[i, j] = coupling
            return names(try probes(pictures, "topology", drawn: other, state: state))
        }
        for (i, j) in [(0, 3), (1, 5), (2, 7), (5, 6)] {
            #expect(try failing(0, i, j).contains("link CH\(i)–CH\(j): drawn"), "CH\(i)–CH\(j)")
        }
        #expect(try failing(0.31, 4, 6).contains("link CH4–CH6: drawn"))
        #expect(try failing(0.5, 2, 3).contains("link CH2–CH3: drawn"))
        // 1 px of 720 is what 0.1 of a coupling makes: less than what small pictures tell.
        let off = size.width >= 640 ? 0.1 : 0.4
        #expect(try failing(0.7 - off, 5, 6).contains("width of the link CH5–CH6"))
    }

    @Test("the coupling of one cell of the matrix changed by 0.1", arguments: PictureSize.all)
    func coupling(size: PictureSize) throws {
        let pictures = try Pictures(size), state = Sample.lively.state
        for (i, j) in [(0, 3), (1, 5), (3, 6)] {
            for change in [0.1, -0.1] {
                var other = state
                other.coupling[i, j] += change
                let failing = names(try probes(pictures, "matrix", drawn: other, state: state))
                #expect(failing.contains("coupling in row CH\(i), column CH\(j)"), "\(failing)")
                #expect(failing.count { $0.hasPrefix("coupling") } == 2, "\(failing)")
            }
        }
    }

    @Test("breathing a quarter of a period off", arguments: PictureSize.all)
    func breathing(size: PictureSize) throws {
        let pictures = try Pictures(size)
        var state = Sample.lively.state
        state.phi.depth = 1.618
        for phase in 0..<4 {
            state.time = Double(phase) / 4 / state.phi.breathingRate + 0.05
            var other = state
            other.time += 0.25 / state.phi.breathingRate
            let lightness = names(try probes(pictures, "spectral", drawn: other, state: state))
            #expect(lightness.count { $0.hasPrefix("lightness of") } == 8, "\(lightness)")
            let radii = names(try probes(pictures, "breathing", drawn: other, state: state))
            #expect(radii.count { $0.hasPrefix("radius of") } >= 4, "\(radii)")
        }
    }

    @Test("ICI, amplitude, Φ and order other than drawn", arguments: PictureSize.all)
    func values(size: PictureSize) throws {
        let pictures = try Pictures(size), state = Sample.lively.state
        var other = state
        other.ici += 0.05
        #expect(
            names(try probes(pictures, "topology", drawn: other, state: state))
                .contains("closed share of the symmetry ring"))
        other = state
        other.channels[2].amplitude -= 0.1
        #expect(
            names(try probes(pictures, "waveform", drawn: other, state: state)).contains("amplitude of CH2 by its bar"))
        other = state
        other.phi.phase += 0.3
        let wave = names(try probes(pictures, "waveform", drawn: other, state: state))
        #expect(wave.contains { $0.contains("of the marker") || $0.hasPrefix("height of the envelope") }, "\(wave)")
        let field = names(try probes(pictures, "field", drawn: other, state: state))
        #expect(field.count { $0.hasPrefix("x of point") || $0.hasPrefix("y of point") } >= 4, "\(field)")
        other = state
        for k in 0..<EngineState.channelCount {
            for n in 0..<Waveforms.length { other.waveforms[k, n] *= 0.5 }
        }
        let lanes = names(try probes(pictures, "waveform", drawn: other, state: state))
        #expect(lanes.count { $0.hasPrefix("height of CH") } >= 2, "\(lanes)")
    }

    @Test("a black picture fails nearly everywhere, and so does a white one")
    func blank() throws {
        for level in [UInt8(0), 255] {
            let bytes = (0..<(640 * 360 * 4)).map { $0 % 4 == 3 ? 255 : level }
            let image = try #require(RasterImage(width: 640, height: 360, bytes: bytes))
            for scene in SceneOracle.scenes {
                let probes = SceneOracle.probes(
                    scene: scene, state: Sample.lively.state, look: Look(), quality: 5, image: image)
                #expect(probes.count { !$0.passes } >= 10, "\(scene) at \(level)")
            }
            #expect(FrameSanity.faults(image).contains { $0.contains("blank") })
            #expect(FrameSanity.faults(image).contains { $0.contains("dark") } == (level == 0))
        }
    }

    @Test("a single pixel that is not opaque")
    func alpha() throws {
        let image = try Pictures(PictureSize.all[0]).picture("matrix", Sample.lively.state)
        #expect(FrameSanity.faults(image) == [])
        var bytes = image.bytes
        bytes[4 * 12_345 + 3] = 254
        let other = try #require(RasterImage(width: image.width, height: image.height, bytes: bytes))
        #expect(
            FrameSanity.faults(other) == ["The picture is not opaque: alpha is other than 255 in 1 pixel."])
    }
}

extension RasterImage {
    /// With the components of red and blue exchanged.
    fileprivate func swappingRedAndBlue() -> RasterImage {
        var bytes = bytes
        for n in stride(from: 0, to: bytes.count, by: 4) { bytes.swapAt(n, n + 2) }
        return RasterImage(width: width, height: height, bytes: bytes) ?? self
    }

    /// To the right and downwards; what comes in repeats the edge.
    fileprivate func moved(byX dx: Int, y dy: Int) -> RasterImage {
        var moved: [UInt8] = []
        moved.reserveCapacity(bytes.count)
        for y in 0..<height {
            for x in 0..<width {
                let pixel = self[x - dx, y - dy]
                moved += [pixel.red, pixel.green, pixel.blue, pixel.alpha]
            }
        }
        return RasterImage(width: width, height: height, bytes: moved) ?? self
    }
}
