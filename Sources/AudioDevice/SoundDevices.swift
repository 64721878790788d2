import CSDL2

/// What there is to listen to and to play on.
public struct SoundDevices: Sendable, Equatable {
    /// SDL's driver, such as "pulseaudio" or "alsa".
    public let driver: String
    /// Microphones, line inputs, monitors of outputs.
    public let inputs: [String]
    public let outputs: [String]

    /// - Throws: `AudioDeviceError.noSound`.
    public static func find() throws(AudioDeviceError) -> SoundDevices {
        try AudioSystem.with { () throws(AudioDeviceError) in
            SoundDevices(
                driver: SDL_GetCurrentAudioDriver().map { String(cString: $0) } ?? "none", inputs: names(1),
                outputs: names(0))
        }
    }

    static func names(_ isCapture: Int32) -> [String] {
        (0..<max(0, SDL_GetNumAudioDevices(isCapture))).compactMap {
            SDL_GetAudioDeviceName($0, isCapture).map { String(cString: $0) }
        }
    }
}
