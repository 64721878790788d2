import CSDL2
import Synchronization

/// SDL's sound, begun once for the process and begun anew where its server went away. SDL's start and end are not for two
/// threads at once, so everything that opens or lists devices goes through here.
enum AudioSystem {
    private static let users = Mutex(0)

    /// Runs `body` with sound begun; it stays so while devices are open.
    /// - Throws: `AudioDeviceError.noSound`.
    static func with<R: Sendable>(_ body: () throws(AudioDeviceError) -> R) throws(AudioDeviceError) -> R {
        let result: Result<R, AudioDeviceError> = users.withLock { users in
            if users == 0 {
                // A list of devices, and a connection to a sound server, are as old as the beginning.
                SDL_QuitSubSystem(UInt32(SDL_INIT_AUDIO))
                SDL_SetHint("SDL_AUDIO_INCLUDE_MONITORS", "1")
                SDL_SetHint("SDL_AUDIO_DEVICE_APP_NAME", "Φ-Matrix")
                guard SDL_InitSubSystem(UInt32(SDL_INIT_AUDIO)) == 0 else {
                    return .failure(.noSound(String(cString: SDL_GetError())))
                }
            }
            do throws(AudioDeviceError) { return .success(try body()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    static func opened() { users.withLock { $0 += 1 } }

    /// - Parameter close: Closes the device.
    static func closed(_ close: () -> Void) {
        users.withLock {
            close()
            $0 -= 1
        }
    }
}

/// Why there is no sound. Each description is one plain sentence.
public enum AudioDeviceError: Error, Equatable, CustomStringConvertible {
    /// SDL has no driver that works here.
    case noSound(String)
    /// There is none of that name: the name, and those that there are.
    case unknownDevice(String, known: [String])
    case cannotOpen(String, String)

    public var description: String {
        switch self {
        case .noSound(let why):
            "No sound can be had here (\(why)); start PulseAudio or PipeWire, or install ALSA's devices."
        case .unknownDevice(let name, let known):
            known.isEmpty
                ? "There is no sound device '\(name)', and no other; 'phi-matrix doctor' tells what is missing."
                : "There is no sound device '\(name)'; there are \(known.map { "'\($0)'" }.joined(separator: ", "))."
        case .cannotOpen(let name, let why): "The sound device \(name) cannot be opened: \(why)."
        }
    }
}
