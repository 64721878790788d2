import Handoff
import PhiModel

/// States that another program sends while it runs: the newest counts, and what it lacks is derived. While none come, there
/// are none, and the picture comes to rest.
public final class LiveSource: StateSource {
    public let name: String
    public let sampleRate = 0
    public let bufferSize = 0
    /// How often it is looked for samples, s: as many are taken in a second as may be pushed.
    public let sampleInterval = 1.0 / 240
    public let isLive = true
    public private(set) var spacing = 1.0 / 30
    public private(set) var timestamp: Double?

    /// Samples that are farther apart than this are not bridged, s.
    private static let spacings = 1.0 / 240...0.25

    private let input: any LiveInput
    private var completion = StateCompletion()
    private var glide: SettingsGlide
    private var current = EngineState()
    private var arrived: Double?

    /// Takes what is put into `inbox`.
    public convenience init(_ inbox: StateInbox, settings: EngineSettings = EngineSettings()) {
        self.init(name: "push", input: inbox, settings: settings)
    }

    /// Follows a running server. Connects from here on, and again whenever the connection ends.
    public convenience init(following address: SoundlabAddress, settings: EngineSettings = EngineSettings()) {
        let feed = SoundlabFeed(address)
        self.init(name: "soundlab:ws://\(address.authority)", input: feed, settings: settings)
        feed.start()
    }

    init(name: String, input: any LiveInput, settings: EngineSettings) {
        self.name = name
        self.input = input
        glide = SettingsGlide(settings)
        // Before anything came, all channels are still.
        for k in current.channels.indices { current.channels[k].amplitude = 0 }
    }

    deinit { input.stop() }

    public var health: EngineHealth {
        var health = input.health
        health.counts["mended_values"] = completion.mendedCount
        return health
    }

    public func apply(_ settings: EngineSettings) { glide.begin(settings, at: current.time) }

    public func advance(to time: Double, into state: inout EngineState) {
        if let sample = input.take() { take(sample, at: time) }
        let timestamp = state.timestamp
        state = current
        state.timestamp = timestamp
    }

    private func take(_ sample: LiveSample, at time: Double) {
        // Samples keep the distances that they were taken at, however long each was on its way.
        let age = max(0, MonotonicClock.unixSeconds - sample.taken)
        let moment = max(time - min(age, 1), current.time + 1e-4)
        if let arrived, arrived < moment {
            let step = (moment - arrived).clamped(to: Self.spacings)
            spacing += 0.1 * (step - spacing)
        }
        arrived = moment
        let number = current.frameID + 1
        var next = completion.state(of: sample.reading, at: moment)
        next.frameID = number
        next.time = moment
        mute(&next)
        if !sample.reading.given.contains(.waveforms) { LaneSynthesis.fill(&next) }
        current = next
        timestamp = sample.taken
    }

    private func mute(_ state: inout EngineState) {
        let presence = glide.presence(at: state.time)
        for k in state.channels.indices {
            state.channels[k].amplitude *= presence[k]
            state.channels[k].enabled =
                state.channels[k].enabled && (glide.target.channels[k].enabled || presence[k] > 0)
        }
    }
}
