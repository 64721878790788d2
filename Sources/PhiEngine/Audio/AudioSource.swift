import PhiModel

/// The engine that listens to an audio file: any that FFmpeg decodes, streamed, over and over. What it makes of the sound is
/// in `SoundAnalysis`: 93.75 states a second.
public final class AudioSource: StateSource {
    /// Sound samples a state.
    public static let hop = SoundAnalysis.hop
    /// Seconds a state.
    public static let interval = SoundAnalysis.interval
    /// How long after an onset the amplitudes have risen by half, s: what the windows of the analysis take.
    public static let reaction = 0.03

    public let name: String
    public var sampleRate: Int { AudioFileReader.sampleRate }
    public var bufferSize: Int { Self.hop }
    public var sampleInterval: Double { SoundAnalysis.interval }

    public let soundtrack: AudioOptions?

    private let reader: AudioFileReader
    private let analysis: SoundAnalysis
    private let newest: UnsafeMutableBufferPointer<Float>

    /// Opens the file and decodes its beginning.
    ///
    /// - Parameter settings: Which channels are enabled, the strength of the coupling, the rates of Φ.
    /// - Throws: `EngineError` where the file cannot be played.
    public init(_ options: AudioOptions, settings: EngineSettings = EngineSettings()) throws {
        name = "audio:" + (options.path.split(separator: "/").last.map(String.init) ?? options.path)
        soundtrack = options
        reader = try AudioFileReader(path: options.path, shortestPass: Self.hop, playback: options.playback)
        analysis = try SoundAnalysis(settings)
        newest = .allocate(capacity: Self.hop)
        newest.initialize(repeating: 0)
    }

    /// Opens a file that is played from its beginning, over and over.
    public convenience init(path: String, settings: EngineSettings = EngineSettings()) throws {
        try self.init(AudioOptions(path: path), settings: settings)
    }

    deinit { newest.deallocate() }

    public var health: EngineHealth {
        reader.hasEnded
            ? EngineHealth(.running, "The file has been played to its end; choose it again to hear it again.")
            : EngineHealth(
                .running, counts: ["damaged_packets": reader.damagedPackets, "mended_samples": analysis.mendedCount])
    }

    public func apply(_ settings: EngineSettings) { analysis.apply(settings) }

    public func advance(to time: Double, into state: inout EngineState) throws {
        let target = sampleNumber(at: time)
        while analysis.frameID < target {
            try reader.read(into: newest)
            analysis.take(UnsafeBufferPointer(newest))
        }
        analysis.fill(&state)
    }
}
