import Handoff
import PhiModel
import Testing
import VulkanKit

@testable import PhiRenderer

@Suite("Renderer", .validated)
struct RendererTests {
    @Test(
        "every size and shape draws without a word from the validation layer",
        arguments: [(16, 16), (640, 360), (360, 640), (1000, 300), (1920, 1080), (333, 777)])
    func sizes(width: Int, height: Int) throws {
        let test = try TestRenderer(width: width, height: height)
        for entry in SceneCatalog.entries {
            let picture = try test.picture(entry.name)
            #expect((picture.width, picture.height) == (width, height))
            #expect(picture.isOpaque)
        }
    }

    @Test("every quality level draws its own picture, close to the full one", arguments: 0...5)
    func qualities(level: Int) throws {
        let quality = try #require(QualityLevel(level))
        let test = try TestRenderer(quality: quality)
        let full = try TestRenderer()
        let picture = try test.picture("topology"), best = try full.picture("topology")
        #expect(picture.isOpaque)
        if level == 5 {
            #expect(picture == best)
        } else {
            #expect(picture.difference(best) > 0)
            // Of the whole picture only few pixels are far off: the same things are in the same places.
            let far = picture.difference(best, tolerance: 60)
            #expect(far < (level < 4 ? 14_000 : 4_500), "\(far) pixels")
        }
        #expect(QualityLevel(level == 5 ? 6 : -1) == nil)
    }

    @Test("frames in flight come back in order, each with its own picture", arguments: [1, 2, 3])
    func framesInFlight(count: Int) throws {
        let test = try TestRenderer(width: 320, height: 180, framesInFlight: count)
        let renderer = test.renderer
        var state = EngineState.lively
        var pictures: [(UInt32, Picture)] = []
        func finish() throws {
            guard let lease = try renderer.finish() else { throw RendererError.allBuffersBusy }
            pictures.append((lease.info.sequence, Picture(lease)))
        }
        for n in 0..<7 {
            state.channels[0].amplitude = Double(n) / 7
            var info = FrameInfo()
            info.sequence = UInt32(n)
            info.presentationTime = MonotonicClock.microseconds
            try renderer.submit(state, FrameContent(scene: 0), info: info, lease: renderer.pool.acquire())
            if renderer.pending == renderer.framesInFlight { try finish() }
        }
        while renderer.pending > 0 { try finish() }
        #expect(pictures.map(\.0) == Array(0..<7))
        for n in 1..<7 { #expect(pictures[n].1.difference(pictures[n - 1].1) > 100) }
    }

    @Test("a picture that cannot be is refused with the limit")
    func tooLarge() throws {
        let instance = try Instance()
        let device = try Device(instance: instance, physical: try instance.choosePhysicalDevice())
        #expect(throws: RendererError.tooLarge(width: 20_000, height: 16, limit: 16_384)) {
            try FrameRenderer(device: device, options: RendererOptions(width: 20_000, height: 16))
        }
    }

    @Test("an unknown scene is refused with those there are")
    func unknownScene() {
        #expect(throws: RendererError.unknownScene("nebula", available: SceneCatalog.entries.map(\.name))) {
            try SceneCatalog.index(of: "nebula")
        }
    }

    @Test("an unknown device is refused with those there are")
    func unknownDevice() throws {
        let instance = try Instance()
        do {
            _ = try instance.choosePhysicalDevice("no such device")
            Issue.record("a device was found")
        } catch VulkanError.unknownDevice(let name, let available) {
            #expect(name == "no such device")
            #expect(available.count == (try instance.physicalDevices().count))
        }
        #expect(try instance.choosePhysicalDevice("0").index == 0)
    }

    @Test("values that make no sense still give a sensible picture", arguments: SceneCatalog.entries.map(\.name))
    func nonsense(name: String) throws {
        let test = try TestRenderer()
        var state = EngineState()
        for k in 0..<EngineState.channelCount {
            state.channels[k] = ChannelState(frequency: -.infinity, amplitude: .nan, phase: 1e300)
            for n in 0..<Waveforms.length { state.waveforms[k, n] = n % 2 == 0 ? .infinity : -.greatestFiniteMagnitude }
        }
        state.phi.depth = .nan
        state.coherence = .infinity
        var sanitizer = StateSanitizer()
        sanitizer.sanitize(&state)
        #expect(!state.valid)
        let picture = try test.picture(name, state)
        #expect(picture.isOpaque)
        #expect(picture.colorCount > 50)
        var silent = EngineState()
        for k in 0..<EngineState.channelCount { silent.channels[k].amplitude = 0 }
        #expect(try test.picture(name, silent).colorCount > 50)
    }
}
