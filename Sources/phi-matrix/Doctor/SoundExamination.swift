import AudioDevice

/// What there is to listen to and to play on.
enum SoundExamination {
    static func sound() -> DoctorReport.Section {
        let devices: SoundDevices
        do { devices = try SoundDevices.find() } catch {
            return DoctorReport.Section(
                name: "Sound",
                findings: [
                    DoctorReport.Finding(
                        verdict: .note, what: "no sound; only --engine mic and --audio-out need it (\(error))",
                        remedy: "apt-get install pulseaudio, and start it: pulseaudio --start")
                ])
        }
        let inputs = devices.inputs.map {
            DoctorReport.Finding(verdict: .good, what: "input: --engine 'mic:\($0)'")
        }
        let outputs = devices.outputs.map { DoctorReport.Finding(verdict: .good, what: "output: \($0)") }
        let none = DoctorReport.Finding(
            verdict: .note, what: "no input of sound; only --engine mic needs one",
            remedy: "Plug in a microphone, or make a virtual one: pactl load-module module-null-sink sink_name=music")
        return DoctorReport.Section(
            name: "Sound",
            findings: [DoctorReport.Finding(verdict: .good, what: "SDL by \(devices.driver)")]
                + (inputs.isEmpty ? [none] : inputs) + outputs)
    }
}
