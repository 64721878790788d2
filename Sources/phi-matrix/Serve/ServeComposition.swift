import Configuration
import Foundation
import FrameCodec
import FrameServer
import Handoff
import Logging
import Metrics
import PhiDisplay
import PhiEngine
import PhiModel
import PhiRenderer
import ServiceLifecycle
import SessionStore
import Telemetry
import UnixSignals
import VulkanKit

/// Puts the parts of a running server together: engine → renderer → codec → server, and the window beside it.
struct ServeComposition {
    let picture: PictureOptions
    let isHUDShown: Bool
    let isLatencyMarked: Bool
    let settings: ServeSettings
    /// The settings that were given on the command line, by key.
    let flags: [AbsoluteConfigKey: ConfigValue]
    let data: DataDirectory
    /// Nil without a window.
    let windowOptions: DisplayWindow.Options?
    /// Whether a session is recorded from the start on.
    let isRecording: Bool
    /// Where the picture goes beside the viewers.
    let outputs: [OutputTarget]
    /// Bits a second between which live video moves.
    let bitrates: ClosedRange<Int>
    let controllers: Controllers
    /// Nil without sound.
    let audioOut: AudioOut?
    /// When the device is lost, to see what then happens, s; nil for never.
    let lossAfter: Double?

    func run() async throws {
        try controllers.check()
        try audioOut?.check()
        let level = LogLevelSwitch(settings.logLevel)
        let logger = settings.logFormat.makeLogger(level: level)
        let preset = try picture.loadPreset(dataDirectory: data)
        let controls = RenderControls(
            scene: try picture.sceneIndex(preset), look: picture.look(preset), quality: picture.quality)
        controls.isHUDShown = isHUDShown
        controls.isLatencyMarked = isLatencyMarked
        let renderStates = TripleBuffer(TimedState()), serverStates = TripleBuffer(TimedState())
        let samples = SampleFeed(capacity: 512, filler: StateFigures(TimedState()))
        let inbox = StateInbox()
        let engine = EngineLoop(
            source: try picture.makeSource(preset, dataDirectory: data, inbox: inbox),
            settings: picture.settings(preset),
            consumers: [renderStates, serverStates], record: samples, logger: logger)

        let display = DisplayThread()
        let (wishes, wish) = AsyncStream<DisplayWindow.Wish>.makeStream()
        var window: DisplayWindow?
        if let windowOptions { window = try await display.open(windowOptions) { wish.yield($0) } }
        do {
            try await serve(
                engine: engine, renderStates: renderStates, serverStates: serverStates, samples: samples, inbox: inbox,
                controls: controls, preset: preset, window: window.map { ($0, wishes) }, level: level, logger: logger)
        } catch {
            await display.close()
            throw error
        }
        await display.close()
    }

    private func serve(
        engine: EngineLoop, renderStates: TripleBuffer<TimedState>, serverStates: TripleBuffer<TimedState>,
        samples: SampleFeed<StateFigures>, inbox: StateInbox, controls: RenderControls, preset: Preset?,
        window: (DisplayWindow, AsyncStream<DisplayWindow.Wish>)?, level: LogLevelSwitch,
        logger: Logger
    ) async throws {
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)
        let statistics = FrameStatistics(registry: registry)
        let quality = QualityStatistics(registry: registry)
        let renderer = try makeRenderer(window: window?.0, logger: logger)
        let physical = renderer.device.physical
        let pool = renderer.pool

        let stills = FrameMailbox(pool: pool)
        let catalog = StreamCatalog(
            pool: pool,
            options: .init(
                width: picture.size.width, height: picture.size.height, framesPerSecond: picture.fps,
                bitrates: bitrates))
        let events = EventRing<FrameEvent>(capacity: 1_024, filler: FrameEvent(outcome: .rendered))
        let qualityChanges = EventRing<QualityChange>(
            capacity: 64, filler: QualityChange(from: 5, to: 5, reason: .chosen, frameMilliseconds: 0))
        let hub = FrameHub(streams: catalog.streams, statistics: statistics)
        let desk = SnapshotDesk(mailbox: stills)
        let presets = PresetAdapter(
            library: PresetFiles(dataDirectory: data).library, controls: controls, engine: engine, loaded: preset,
            id: preset.map { picture.presetID ?? $0.name })
        let engineName = picture.engine
        let feed = SessionFeed(samples: samples, changed: { max(engine.changedAt, controls.changedAt) }) {
            SessionControls(engine, controls, preset: presets.loaded)
        }
        let rendererAdapter = RendererAdapter(
            device: physical, options: renderer.options, fps: picture.fps, controls: controls, statistics: quality)
        let engineAdapter = EngineAdapter(
            loop: engine, states: serverStates, seed: picture.seed, sessions: data.sessions.path,
            inbox: inbox)
        let consumers = try PacketConsumers(
            next: hub, catalog: catalog, targets: outputs, feed: feed, isRecording: isRecording, data: data,
            statistics: statistics, logger: logger
        ) {
            SessionSubject(
                version: ProductVersion.number, engine: engineName,
                scene: SceneCatalog.entries[controls.sceneIndex].name, preset: presets.loaded)
        }
        let audit = try settings.auditLog.map { path throws(AuditLog.Unwritable) in
            try AuditLog(path: path, registry: registry, logger: logger)
        }
        let tls = try settings.tls.map { files throws(CertificateError) in
            try TLSIdentity(certificate: files.certificate, key: files.key, logger: logger)
        }
        let profile = ServeProfile(settings: settings, picture: picture, composition: self)
        let server = FrameServer(
            configuration: ServerConfiguration(
                host: settings.host, port: settings.port, limits: settings.limits,
                allowedOrigins: settings.allowedOrigins, authToken: settings.authToken, viewToken: settings.viewToken,
                build: .init(
                    version: ProductVersion.number, commit: BuildStamp.commit, date: BuildStamp.date,
                    features: features), environment: settings.environment, tls: tls, audit: audit,
                profile: { profile.entries }),
            ports: ServerPorts(
                renderer: rendererAdapter, engine: engineAdapter,
                snapshots: SnapshotAdapter(desk: desk, renderer: rendererAdapter),
                presets: presets, recorder: RecorderAdapter(recorder: consumers.recorder),
                outputs: OutputAdapter(live: consumers.outputs)),
            hub: hub, registry: registry, logger: logger)
        let port = try await server.bind()
        announce(physical, logger)
        registry.describe("soundlab_device_revivals_total", "Devices that were lost and set up anew.")
        let revivals = registry.counter("soundlab_device_revivals_total")
        let renderLoop = RenderLoop(
            renderer: renderer, states: renderStates,
            mailboxes: catalog.mailboxes + [stills], events: events,
            controls: controls, fps: picture.fps, engine: engine.summary.name, logger: logger,
            qualityChanges: qualityChanges
        ) { [window = window?.0] pool in
            let next = try makeRenderer(window: window, pool: pool, logger: logger)
            rendererAdapter.isDrawn(by: next.device.physical)
            revivals.increment(by: Int64(1))
            return next
        }
        // Started in this order, ended in the reverse one.
        var services: [any Service] = [
            engine, renderLoop,
            FrameEventCollector(
                events: events, qualityChanges: qualityChanges, catalog: catalog, statistics: statistics,
                quality: QualityReporter(statistics: quality, fps: picture.fps, logger: logger)),
            EncoderBank(catalog, sink: consumers.taps, threads: encoderThreads(physical), logger: logger), desk,
            consumers.recorder, consumers.outputs, server,
            PresetWatch(presets: presets, logger: logger), ServerAnnouncement(url: url(port: port), controls: controls),
            HeapTrim(),
            SettingsReload(
                flags: flags, data: data, server: server, profile: profile, level: level, logger: logger,
                initial: settings),
        ]
        services += try controllers.services(
            ControlDesk(
                engine: engine, channels: engineAdapter, renderer: rendererAdapter, presets: presets, logger: logger),
            logger: logger)
        if let lossAfter {
            services.append(DeviceLossDrill(seconds: lossAfter, controls: controls))
        }
        if let notifier = SystemdNotifier() {
            services.append(SystemdReport(notifier: notifier, url: url(port: port), controls: controls))
        }
        if let audioOut {
            services.append(SoundPlayer(engine: engine, output: audioOut, latency: soundLatency, logger: logger))
        }
        if let window { services.append(WindowService(wishes: window.1, controls: controls)) }
        // The first that is told of the end.
        services.append(ShutdownWatchdog())
        try await run(services, logger)
    }

    /// How long after a sound's time the engine's reaction to it is on the display, s: the analysis, the step to the next
    /// sample, and a frame.
    private var soundLatency: Double {
        AudioSource.reaction + RenderLoop.delay(ofSamplesEvery: AudioSource.interval) + 1 / Double(picture.fps)
    }

    private func run(_ services: [any Service], _ logger: Logger) async throws {
        var configuration = ServiceGroupConfiguration(
            services: services.map {
                .init(
                    service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .gracefullyShutdownGroup)
            }, gracefulShutdownSignals: [.sigint, .sigterm], logger: quiet(logger))
        configuration.maximumGracefulShutdownDuration = .seconds(5)
        try await ServiceGroup(configuration: configuration).run()
    }

    /// The life of the services is told by the services themselves.
    private func quiet(_ logger: Logger) -> Logger {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        return quiet
    }

    /// - Parameter pool: That of a renderer whose device was lost; nil for the first one.
    private func makeRenderer(
        window: DisplayWindow?, pool: FramePool? = nil, logger: Logger
    ) throws -> sending FrameRenderer {
        let options = picture.rendererOptions(dataDirectory: data)
        guard let window else {
            return try FrameRenderer(
                device: try picture.makeDevice(instance: try Instance()), options: options, pool: pool)
        }
        let instance = try Instance(extensions: window.instanceExtensions)
        let surface = try window.makeSurface(instance)
        let device = try picture.makeDevice(
            instance: instance, surface: surface, extensions: Swapchain.deviceExtensions)
        return try FrameRenderer(
            device: device, options: options,
            presenter: WindowPresenter(device: device, surface: surface, window: window, logger: logger), pool: pool)
    }

    private func announce(_ device: PhysicalDevice, _ logger: Logger) {
        logger.info(
            "Drawing.",
            metadata: [
                "device": "\(device.name)", "driver": "\(device.driver)", "size": "\(picture.size)",
                "fps": "\(picture.fps)", "engine": "\(picture.engine)",
            ])
        if device.kind == .software {
            logger.notice("There is no GPU here: the processor draws, and shares its cores with everything else.")
        }
    }

    /// Where the processor draws, its cores are busy; elsewhere an encoder may have two.
    private func encoderThreads(_ device: PhysicalDevice) -> Int {
        device.kind == .software || ProcessInfo.processInfo.activeProcessorCount < 4 ? 1 : 2
    }

    private var features: [String] {
        [
            "jpeg", "h264", "vp9", "vp8", "mjpeg", "snapshots", "metrics", "scenes", "transitions", "quality", "hud",
            "presets", "recorder", "sessions", "push", "soundlab", "outputs",
        ]
            + (windowOptions == nil ? [] : ["window"])
    }

    /// What to open in a browser on this machine.
    private func url(port: Int) -> String {
        let host =
            switch settings.host {
            case "0.0.0.0", "::", "": "127.0.0.1"
            case let address where address.contains(":"): "[\(address)]"
            case let address: address
            }
        return "\(settings.tls == nil ? "http" : "https")://\(host):\(port)/"
    }
}
