import AudioDevice
import PhiEngine

/// Lets the engine listen to a device.
struct MicrophoneInput: SoundInput {
    private let microphone: Microphone

    /// - Parameter device: Nil for the usual one.
    /// - Throws: `EngineError` where there are devices and none of that name.
    init(_ device: String?) throws {
        do { microphone = try Microphone(device) } catch {
            throw EngineError.refused(.usage, error.description)
        }
    }

    var name: String { microphone.device.map { "mic:\($0)" } ?? "mic" }
    var count: Int { microphone.count }

    func read(into samples: UnsafeMutableBufferPointer<Float>) -> Bool { microphone.read(into: samples) }

    var health: EngineHealth {
        switch microphone.state {
        case .listening: EngineHealth(.running, counts: microphone.counts)
        case .waiting(let why): EngineHealth(.waiting, why, counts: microphone.counts)
        }
    }

    func stop() { microphone.stop() }
}
