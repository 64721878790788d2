import Handoff
import PhiModel
import VulkanKit

/// Draws frames and reads them back. Owned by one thread at a time; drawing neither allocates nor locks.
///
/// A frame is `submit`ted, and `finish`ed in the order of submission; up to `framesInFlight` may be on the way.
public final class FrameRenderer {
    /// What draws.
    public let device: Device
    /// How it was set up.
    public let options: RendererOptions
    /// How many frames may be submitted before one has to be finished.
    public let framesInFlight: Int
    /// Where finished pictures are.
    public let pool: FramePool
    let layout: BindingLayout
    private let cache: PipelineCache
    let brushes: BrushSet
    let atlas: GlyphAtlas
    private let atlasImage: Image
    let readback: ReadbackBuffers
    private let timeline: Timeline
    private let slots: [FrameSlot]
    let presenter: (any FramePresenter)?
    private var submitted: UInt64 = 0
    private var finished: UInt64 = 0

    /// Sets everything up and draws every scene once, so that nothing is compiled later.
    /// - Parameters:
    ///   - presenter: A window that shows the frames as well.
    ///   - pool: The pool of a renderer that was lost, whose pictures nobody reads any more; nil for a new one.
    public init(
        device: Device, options: RendererOptions, presenter: (any FramePresenter)? = nil, pool: FramePool? = nil
    ) throws(RendererError) {
        let limit = min(device.physical.largestImageSide, RendererOptions.sides.upperBound)
        guard options.width <= limit, options.height <= limit else {
            throw .tooLarge(width: options.width, height: options.height, limit: limit)
        }
        self.device = device
        self.options = options
        self.presenter = presenter
        let inFlight = options.framesInFlight ?? (device.physical.kind == .software ? 1 : 3)
        framesInFlight = pool.map { min(inFlight, $0.count - Self.buffersBeside) } ?? inFlight
        atlas = try GlyphAtlas(
            fontPath: try FontFile.find(), unit: Double(min(options.width, options.height)) / 720)
        guard atlas.height <= device.physical.largestImageSide else {
            throw .tooLarge(width: options.width, height: options.height, limit: limit / 2)
        }
        let cacheFile = PipelineCacheFile(directory: options.cacheDirectory)
        do throws(VulkanError) {
            let layout = try BindingLayout(device, pushConstantSize: MemoryLayout<BlendConstants>.size)
            let kept = cacheFile.load()
            let cache = try PipelineCache(device, data: kept)
            brushes = try BrushSet(device, layout: layout, cache: cache)
            let timeline = try Timeline(device, name: "frames")
            let atlasImage = try Image(
                device, width: atlas.width, height: atlas.height, format: .r8, use: .texture, name: "glyphs")
            try Self.upload(atlas, to: atlasImage, device: device, layout: layout)
            readback = try ReadbackBuffers(
                device, count: pool?.count ?? framesInFlight + Self.buffersBeside, width: options.width,
                height: options.height)
            var slots: [FrameSlot] = []
            for index in 0..<framesInFlight {
                slots.append(
                    try FrameSlot(device, index: index, options: options, layout: layout, atlas: atlasImage))
            }
            self.slots = slots
            let written = try cache.data()
            if written != kept { cacheFile.save(written) }
            self.layout = layout
            self.cache = cache
            self.timeline = timeline
            self.atlasImage = atlasImage
        } catch {
            throw .vulkan(error)
        }
        if let pool {
            guard readback.fill(pool) else { throw .allBuffersBusy }
            self.pool = pool
        } else {
            self.pool = readback.makePool()
        }
        try warmUp()
    }

    /// Buffers beside those in flight: one more than can be held by a consumer that is at work, and one that waits for it.
    private static let buffersBeside = 3

    deinit { device.waitIdle() }

    private static func upload(
        _ atlas: GlyphAtlas, to image: borrowing Image, device: Device, layout: borrowing BindingLayout
    ) throws(VulkanError) {
        let staging = try Buffer(device, size: atlas.pixels.count, use: .upload, name: "glyph staging")
        staging.contents.copyBytes(from: atlas.pixels)
        let commands = try CommandSlot(device, name: "glyph upload")
        let timeline = try Timeline(device, name: "glyph upload")
        try commands.record(layout: layout) { recorder in
            recorder.transition(image.handle, from: .undefined, to: .copyDestination)
            recorder.copy(staging, to: image)
            recorder.transition(image.handle, from: .copyDestination, to: .shaderRead)
        }
        try commands.submit(signalling: timeline, value: 1)
        try timeline.wait(for: 1)
    }

    /// Draws every scene at every kind of quality, and every transition, once: drivers compile variants of shaders at their
    /// first use.
    private func warmUp() throws(RendererError) {
        var state = EngineState()
        // Every pair linked, so that links are among what is drawn.
        for i in 0..<EngineState.channelCount {
            for j in (i + 1)..<EngineState.channelCount { state.coupling[i, j] = 0.5 }
        }
        for index in SceneCatalog.entries.indices {
            var content = FrameContent(scene: index)
            let style = Transition.Style.allCases[index % Transition.Style.allCases.count]
            content.outgoing = .init(scene: index, style: style, progress: 0.5)
            content.hud = HUDFigures(engine: "")
            content.latencyMark = LatencyMark(frame: 0, stateTime: 0)
            try submit(state, content, info: FrameInfo(), lease: nil)
            _ = try finish()
            content.outgoing = nil
            for level in [QualityLevel.full, .minimal] {
                content.quality = level
                try submit(state, content, info: FrameInfo(), lease: nil)
                _ = try finish()
            }
        }
    }

    /// How many frames are submitted and not finished.
    public var pending: Int { Int(submitted - finished) }

    /// Records and submits one frame. No more than `framesInFlight` may be pending.
    /// - Parameters:
    ///   - info: Number and time of the frame; the rest is filled in.
    ///   - lease: Where to read the picture back to; nil where nobody wants it.
    public func submit(
        _ state: borrowing EngineState, _ content: FrameContent, info: FrameInfo, lease: consuming FrameLease?
    ) throws(RendererError) {
        let began = MonotonicClock.microseconds
        let slot = slots[Int(submitted % UInt64(slots.count))]
        draw(state, content.scene, content.look, content, into: slot.pictures[0])
        if let outgoing = content.outgoing, !outgoing.isRetained {
            draw(state, outgoing.scene, outgoing.look, content, into: slot.pictures[1])
        }
        slot.info = info
        slot.info.width = options.width
        slot.info.height = options.height
        slot.readbackSlot = lease?.slot ?? -1
        lease?.attach(DrawnFrame(state, content))
        slot.lease = lease
        let isPresenting = presenter?.acquire() ?? false
        do throws(VulkanError) {
            try slot.commands.record(layout: layout) { recorder in
                record(recorder, slot, content, isPresenting: isPresenting)
            }
            submitted += 1
            slot.finishedAt = submitted
            try slot.commands.submit(
                signalling: timeline, value: submitted, presentation: isPresenting ? presenter?.semaphores : nil)
        } catch {
            throw .vulkan(error)
        }
        slot.recordingMicroseconds = UInt32(clamping: MonotonicClock.microseconds - began)
        if isPresenting { presenter?.present() }
    }

    private func draw(
        _ state: borrowing EngineState, _ scene: Int, _ look: Look, _ content: FrameContent, into picture: PictureSlot
    ) {
        let isSoftware = device.physical.kind == .software
        // A processor takes longer to enlarge a picture than to draw it large. A level that somebody chose looks the same
        // on every device all the same.
        let ofLevel = isSoftware && content.isQualityAutomatic ? 1 : content.quality.scale
        // Two pictures cost what one does, where pixels are what costs.
        let scale = ofLevel * (isSoftware && content.outgoing != nil ? 0.5.squareRoot() : 1)
        picture.begin(look: look, scale: scale, options: options)
        let canvas = Canvas(
            width: options.width, height: options.height, quality: content.quality, pixelScale: scale, look: look,
            list: picture.list, atlas: atlas)
        // First, so that it has its place however much the scene draws.
        if let mark = content.latencyMark { canvas.mark(mark) }
        SceneCatalog.scene(scene).draw(state, on: canvas)
        if let hud = content.hud { HUD.draw(state, hud, on: canvas) }
    }

    /// Whether the oldest pending frame is done, or will be before `deadline` (ns of the monotonic clock); waits for that
    /// long at most.
    public func isDone(before deadline: UInt64) throws(RendererError) -> Bool {
        guard pending > 0 else { return false }
        let now = MonotonicClock.nanoseconds
        let slot = slots[Int(finished % UInt64(slots.count))]
        do throws(VulkanError) {
            return try timeline.wait(for: slot.finishedAt, nanoseconds: deadline > now ? deadline - now : 0)
        } catch {
            throw .vulkan(error)
        }
    }

    /// Waits for the oldest pending frame and returns the lease on its picture, where one was asked for, with its times
    /// filled in. The frame's times are also left in `lastInfo`.
    public func finish() throws(RendererError) -> FrameLease? {
        let slot = slots[Int(finished % UInt64(slots.count))]
        do throws(VulkanError) { try timeline.wait(for: slot.finishedAt) } catch { throw .vulkan(error) }
        finished += 1
        slot.info.readbackMicroseconds = slot.timestamps.microseconds(from: 1, to: 2)
        slot.info.renderMicroseconds = max(slot.recordingMicroseconds + slot.timestamps.microseconds(from: 0, to: 1), 1)
        lastInfo = slot.info
        lastRecordingMicroseconds = slot.recordingMicroseconds
        guard let lease = slot.lease.take() else { return nil }
        lease.info = slot.info
        return lease
    }

    /// What is known of the frame that was finished last.
    public private(set) var lastInfo = FrameInfo()
    /// How long the frame that was finished last took to be written and recorded, µs.
    public private(set) var lastRecordingMicroseconds: UInt32 = 0
}
