import CSDL2
import Handoff

/// An output of sound that is open: stereo, 48,000 samples a second. Belongs to one thread.
public final class Loudspeaker {
    /// Samples of each channel that wait in it at most: 85 ms.
    public static let capacity = 4_096
    /// Samples of each channel that the hardware asks for at a time.
    private static let buffer: UInt16 = 512

    /// In quotes, as it stands in a sentence.
    public let name: String
    private let device: SDL_AudioDeviceID
    private let pipe: PlaybackPipe
    private var clock = PlaybackClock()

    /// Opens it; it plays silence until sound is written.
    ///
    /// - Parameter name: As `SoundDevices` lists it; nil for the usual one.
    /// - Throws: `AudioDeviceError`.
    public init(_ name: String?) throws(AudioDeviceError) {
        let pipe = PlaybackPipe(capacity: Self.capacity)
        self.pipe = pipe
        self.name = name.map { "'\($0)'" } ?? "the usual one"
        device = try AudioSystem.with { () throws(AudioDeviceError) in
            let known = SoundDevices.names(0)
            if let name, !known.contains(name) { throw .unknownDevice(name, known: known) }
            if known.isEmpty { throw .noSound("there is no output") }
            var wanted = SDL_AudioSpec()
            wanted.freq = Int32(PlaybackClock.rate)
            wanted.format = SDL_AudioFormat(AUDIO_F32SYS)
            wanted.channels = UInt8(PlaybackPipe.channels)
            wanted.samples = Self.buffer
            wanted.userdata = Unmanaged.passUnretained(pipe).toOpaque()
            wanted.callback = { pipe, bytes, count in
                guard let pipe, let bytes else { return }
                let samples = UnsafeMutableRawPointer(bytes).assumingMemoryBound(to: Float.self)
                Unmanaged<PlaybackPipe>.fromOpaque(pipe).takeUnretainedValue()
                    .fill(UnsafeMutableBufferPointer(start: samples, count: Int(count) / MemoryLayout<Float>.size))
            }
            let device = SDL_OpenAudioDevice(name, 0, &wanted, nil, 0)
            guard device != 0 else { throw .cannotOpen(name ?? "for output", String(cString: SDL_GetError())) }
            return device
        }
        AudioSystem.opened()
        SDL_PauseAudioDevice(device, 0)
    }

    deinit { AudioSystem.closed { SDL_CloseAudioDevice(device) } }

    /// Whether it is still there.
    public var isRunning: Bool { SDL_GetAudioDeviceStatus(device) == SDL_AUDIO_PLAYING }
    /// Samples of each channel that there is room for.
    public var room: Int { pipe.room }
    /// Samples of each channel that came too late and were silence, since it was opened.
    public var missingCount: UInt64 { pipe.missingCount }

    /// Appends sound, left and right in turn; no more than there is room for.
    public func write(_ samples: UnsafeBufferPointer<Float>) { pipe.write(samples) }

    /// When the sample that is written next is heard, ns of the monotonic clock: one buffer after the hardware has asked for
    /// it. Nil before it has asked for any.
    public func nextIsHeard() -> UInt64? {
        pipe.newestDemand { clock.demanded(after: $0.count, at: $0.time) }
        return clock.time(of: pipe.nextNumber + UInt64(Self.buffer))
    }
}
