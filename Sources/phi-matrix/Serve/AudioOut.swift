import AudioDevice
import Foundation

/// Whether and where the sound that is seen is played as well.
struct AudioOut {
    /// Nil for the usual device.
    let device: String?
    /// How much later it is heard than the picture is drawn, s; for displays that take their time.
    let delay: Double

    /// What a delay may be, ms.
    static let delays = -500.0...2_000.0

    /// - Throws: `CommandError` where there is no such device.
    func check() throws {
        guard let device else { return }
        do {
            let known = try SoundDevices.find().outputs
            guard known.contains(device) else { throw AudioDeviceError.unknownDevice(device, known: known) }
        } catch let error as AudioDeviceError { throw CommandError(.usage, error.description) }
    }
}
