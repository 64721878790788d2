import CSDL2
import Handoff

/// A device that is being listened to.
final class OpenMicrophone {
    /// Samples a callback.
    private static let buffer: UInt16 = 512

    /// In quotes, as it stands in a sentence.
    let name: String
    private let device: SDL_AudioDeviceID
    private let ring: SoundRing

    /// - Parameters:
    ///   - name: Nil for the usual one.
    ///   - ring: Where its sound goes.
    /// - Throws: `AudioDeviceError`.
    init(_ name: String?, ring: SoundRing) throws(AudioDeviceError) {
        self.ring = ring
        self.name = name.map { "'\($0)'" } ?? "the usual one"
        device = try AudioSystem.with { () throws(AudioDeviceError) in
            let known = SoundDevices.names(1)
            if let name, !known.contains(name) { throw .unknownDevice(name, known: known) }
            if known.isEmpty { throw .noSound("there is no input") }
            var wanted = SDL_AudioSpec()
            wanted.freq = 48_000
            wanted.format = SDL_AudioFormat(AUDIO_F32SYS)
            wanted.channels = 1
            wanted.samples = Self.buffer
            wanted.userdata = Unmanaged.passUnretained(ring).toOpaque()
            wanted.callback = { ring, bytes, count in
                guard let ring, let bytes else { return }
                let samples = UnsafeRawPointer(bytes).assumingMemoryBound(to: Float.self)
                Unmanaged<SoundRing>.fromOpaque(ring).takeUnretainedValue()
                    .write(UnsafeBufferPointer(start: samples, count: Int(count) / MemoryLayout<Float>.size))
            }
            let device = SDL_OpenAudioDevice(name, 1, &wanted, nil, 0)
            guard device != 0 else { throw .cannotOpen(name ?? "for input", String(cString: SDL_GetError())) }
            return device
        }
        AudioSystem.opened()
        SDL_PauseAudioDevice(device, 0)
    }

    deinit { AudioSystem.closed { SDL_CloseAudioDevice(device) } }

    /// Whether it is still there.
    var isRunning: Bool { SDL_GetAudioDeviceStatus(device) == SDL_AUDIO_PLAYING }
}
