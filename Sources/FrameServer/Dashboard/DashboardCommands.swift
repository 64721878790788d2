import NIOCore
import PhiModel

/// The value of a control: a number or a switch, which is also a number that is not 0.
enum ControlValue: Decodable, Sendable {
    case number(Double)
    case flag(Bool)
    case other

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else {
            self = .other
        }
    }

    var number: Double? { if case .number(let number) = self { number } else { nil } }

    var flag: Bool? {
        switch self {
        case .flag(let flag): flag
        case .number(let number): number != 0
        case .other: nil
        }
    }
}

/// Does what a dashboard asks for, and frames the answer.
struct DashboardCommands: Sendable {
    let ports: ServerPorts

    func pause(_ isPaused: Bool) -> ByteBuffer? {
        ports.engine.setPaused(isPaused)
        return try? WebSocketFraming.text(
            PauseAck(
                type: isPaused ? "pause_ack" : "resume_ack", masterTime: ports.engine.newestState().time,
                isPaused: isPaused))
    }

    func control(_ name: String, _ value: ControlValue, channel: Int?) async -> ByteBuffer? {
        var trouble: String?
        do { try await set(name, value, channel) } catch let refusal as EngineRefusal {
            trouble = refusal.sentence
        } catch let refusal as RecorderRefusal {
            trouble = refusal.sentence
        } catch { trouble = "The server failed on this control." }
        return try? WebSocketFraming.text(ControlAck(control: name, ok: trouble == nil, message: trouble))
    }

    func loadPreset(_ id: String) async -> ByteBuffer? {
        var trouble: String?
        do {
            let named = try await ports.presets.preset(id)
            _ = ports.presets.load(named.preset, id: named.id, seconds: nil)
        } catch let refusal as PresetRefusal {
            trouble = refusal.sentence
        } catch { trouble = "The server failed on this preset." }
        return try? WebSocketFraming.text(PresetAck(preset: id, ok: trouble == nil, message: trouble))
    }

    private func set(_ name: String, _ value: ControlValue, _ channel: Int?) async throws {
        func number() throws -> Double {
            guard let number = value.number else { throw EngineRefusal("The value of \(name) is a number.") }
            return number
        }
        func flag() throws -> Bool {
            guard let flag = value.flag else { throw EngineRefusal("The value of \(name) is true or false.") }
            return flag
        }
        func which() throws -> Int {
            guard let channel else { throw EngineRefusal("\(name) needs a channel from 0 to 7.") }
            return channel
        }
        switch name {
        case "phi_depth": try ports.engine.setPhi(PhiChange(depth: try number()))
        case "phi_phase": try ports.engine.setPhi(PhiChange(phase: try number()))
        case "channel_mute": try ports.engine.setChannel(try which(), amplitude: nil, isEnabled: try !flag())
        case "channel_amplitude": try ports.engine.setChannel(try which(), amplitude: try number(), isEnabled: nil)
        case "recording":
            if try flag() { _ = try await ports.recorder.start(name: nil) } else { _ = try await ports.recorder.stop() }
        default:
            throw EngineRefusal(
                "There is no such control; there are phi_depth, phi_phase, recording, channel_mute and "
                    + "channel_amplitude.")
        }
    }
}

private struct PauseAck: Encodable {
    let type: String
    /// The master clock, s.
    let masterTime: Double
    let isPaused: Bool
}

private struct ControlAck: Encodable {
    let type = "control_ack"
    let control: String
    let ok: Bool
    let message: String?
}

private struct PresetAck: Encodable {
    let type = "preset_ack"
    let preset: String
    let ok: Bool
    let message: String?
}
