import CSDL2
import Synchronization

/// SDL's sound, begun once for the process. SDL's start and end are not for two threads at once, so everything that opens or
/// lists devices goes through here.
enum AudioSystem {
    private struct State {
        var isBegun = false
        /// The sound server that it was begun with went away: another is found only by beginning anew.
        var isStale = false
        /// Devices that are open.
        var users = 0
    }

    private static let state = Mutex(State())

    /// Runs `body` with sound begun.
    /// - Throws: `AudioDeviceError`.
    static func with<R: Sendable>(_ body: () throws(AudioDeviceError) -> R) throws(AudioDeviceError) -> R {
        let result: Result<R, AudioDeviceError> = state.withLock { state in
            if state.isStale, state.users == 0 {
                // Not while the server is there: SDL 2.26 falls over one that has no output at that moment.
                SDL_QuitSubSystem(UInt32(SDL_INIT_AUDIO))
                (state.isBegun, state.isStale) = (false, false)
            }
            if !state.isBegun {
                SDL_SetHint("SDL_AUDIO_INCLUDE_MONITORS", "1")
                SDL_SetHint("SDL_AUDIO_DEVICE_APP_NAME", "Φ-Matrix")
                guard SDL_InitSubSystem(UInt32(SDL_INIT_AUDIO)) == 0 else {
                    return .failure(.noSound(String(cString: SDL_GetError())))
                }
                state.isBegun = true
            }
            do throws(AudioDeviceError) { return .success(try body()) } catch {
                if case .cannotOpen(_, let why) = error, why.lowercased().contains("connect") { state.isStale = true }
                return .failure(error)
            }
        }
        return try result.get()
    }

    static func opened() { state.withLock { $0.users += 1 } }

    /// - Parameter close: Closes the device.
    static func closed(_ close: () -> Void) {
        state.withLock {
            close()
            $0.users -= 1
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
