import FoundationEssentials
import NIOCore
import PhiModel

/// One client of `/ws/ui` (contract §4.3). What it sets is set at once; it is told of it at most ten times a second. Lives on
/// the event loop of its connection.
final class InterfaceSession: WebSocketSession {
    /// What a reply is about; nil is any request that is none.
    private typealias Subject = Parameter?

    private let ports: ServerPorts
    private let permission: AccessTokens.Change
    private let audit: SessionAudit
    private var connection: WebSocketConnection?
    private var queue: CommandQueue?
    private var replies = PacedReplies<Subject, ParamUpdated>(every: .milliseconds(100))
    private var isScheduled = false

    /// - Parameters:
    ///   - permission: Whether the client may change something.
    ///   - audit: Takes what it changes.
    init(ports: ServerPorts, permission: AccessTokens.Change, audit: SessionAudit) {
        self.ports = ports
        self.permission = permission
        self.audit = audit
    }

    func opened(_ connection: WebSocketConnection) {
        self.connection = connection
        queue = CommandQueue(on: connection.eventLoop)
        sendState()
    }

    func closed() {
        queue?.end()
        audit.end()
        connection = nil
    }

    func received(text: ByteBuffer) {
        guard let message = InterfaceRequest(text) else {
            return refuse("A message is a JSON object such as {\"type\": \"get_state\"}.")
        }
        switch message.type {
        case "ping": connection?.send(json: InterfacePong())
        case "get_state": sendState()
        case "set_param":
            audit.record("set_param", isRefused: permission.refusal != nil)
            if let refusal = permission.refusal { return refuse(refusal) }
            set(message)
        case "apply_preset":
            audit.record("apply_preset", isRefused: permission.refusal != nil)
            if let refusal = permission.refusal { return refuse(refusal) }
            apply(message)
        default: refuse("The message's type is none of set_param, get_state, apply_preset and ping.")
        }
    }

    // MARK: Parameters

    private func set(_ message: InterfaceRequest) {
        var subject: Subject = nil
        var trouble: String?
        do {
            let parameter = try Parameter(
                type: message.paramType ?? "", channel: message.channel, name: message.param ?? "")
            subject = parameter
            guard let value = message.value else { throw Parameter.Mistake(sentence: "A value is missing.") }
            try parameter.set(value, on: ports)
        } catch let mistake as Parameter.Mistake {
            trouble = mistake.sentence
        } catch let refusal as EngineRefusal {
            trouble = refusal.sentence
        } catch {
            trouble = "The server failed on this parameter."
        }
        let reply = ParamUpdated(
            success: trouble == nil, paramType: message.paramType, channel: message.channel, param: message.param,
            value: message.value, message: trouble)
        if let due = replies.offer(reply, about: subject, at: .now()) { connection?.send(json: due) }
        schedule()
    }

    /// Sends the next of what waits when it is due.
    private func schedule() {
        guard !isScheduled, let connection, let deadline = replies.deadline else { return }
        isScheduled = true
        let bound = NIOLoopBound(self, eventLoop: connection.eventLoop)
        connection.eventLoop.scheduleTask(deadline: deadline) {
            let session = bound.value
            session.isScheduled = false
            if let due = session.replies.due(at: .now()) { session.connection?.send(json: due) }
            session.schedule()
        }
    }

    // MARK: Presets

    private func apply(_ message: InterfaceRequest) {
        let (ports, name, parameters) = (ports, message.presetName, message.parameters)
        let work: @Sendable () async -> ByteBuffer? = {
            var trouble: String?
            do { try await Self.apply(name, parameters, to: ports) } catch let refusal as PresetRefusal {
                trouble = refusal.sentence
            } catch { trouble = "The server failed on this preset." }
            return try? WebSocketFraming.text(
                PresetApplied(success: trouble == nil, presetName: name, message: trouble))
        }
        if queue?.add(work, answer: { [weak self] in self?.connection?.send($0) }) == false {
            refuse("Too much is being asked for at once; wait for the answers.")
        }
    }

    /// A preset that is kept, one that is not, or the first with something of the second over it.
    private static func apply(_ name: String?, _ parameters: JSONValue?, to ports: ServerPorts) async throws {
        var kept: NamedPreset?
        if let name {
            do { kept = try await ports.presets.preset(name) } catch let refusal as PresetRefusal
                where refusal.kind == .missing && parameters != nil
            {}
        }
        guard let parameters else {
            guard let kept else { throw PresetRefusal(.malformed, "apply_preset needs a preset_name or parameters.") }
            _ = ports.presets.load(kept.preset, id: kept.id, seconds: nil)
            return
        }
        let base = try kept.map { try JSONValue(encoding: $0.preset) } ?? .object(["name": .string(name ?? "unnamed")])
        let preset = try ports.presets.check(base.merged(with: parameters))
        _ = ports.presets.load(preset, id: nil, seconds: nil)
    }

    // MARK: Messages

    private func sendState() {
        let state = InterfaceState(ports)
        connection?.send(json: StateMessage(data: state, parameters: state))
    }

    private func refuse(_ sentence: String) { connection?.send(json: InterfaceError(message: sentence)) }
}

/// What a client may send. Fields that a kind of message does not have are absent.
private struct InterfaceRequest {
    let type: String
    let paramType: String?
    let channel: Int?
    let param: String?
    let value: JSONValue?
    let presetName: String?
    let parameters: JSONValue?

    /// Nil where the message is no object with a type, or has a field of the wrong kind.
    init?(_ message: ByteBuffer) {
        guard let json = try? JSONValue(json: Data(message.readableBytesView)), let type = json["type"]?.string else {
            return nil
        }
        /// A field; null is as good as none.
        func field(_ name: String) -> JSONValue? { json[name].flatMap { $0 == .null ? nil : $0 } }
        let texts = ["param_type", "param", "preset_name"].map { field($0) }
        let number = field("channel")
        let channel = number?.number.flatMap(Int.init(exactly:))
        guard texts.allSatisfy({ $0 == nil || $0?.string != nil }), number == nil || channel != nil else { return nil }
        self.type = type
        (paramType, param, presetName) = (texts[0]?.string, texts[1]?.string, texts[2]?.string)
        (self.channel, value, parameters) = (channel, field("value"), field("parameters"))
    }
}

private struct StateMessage: Encodable {
    let type = "state"
    let data: InterfaceState
    let parameters: InterfaceState
}

private struct ParamUpdated: Encodable {
    let type = "param_updated"
    let success: Bool
    let paramType: String?
    let channel: Int?
    let param: String?
    let value: JSONValue?
    /// Why it was not done: a sentence.
    let message: String?
}

private struct PresetApplied: Encodable {
    let type = "preset_applied"
    let success: Bool
    let presetName: String?
    let message: String?
}

private struct InterfacePong: Encodable {
    let type = "pong"
}

private struct InterfaceError: Encodable {
    let type = "error"
    let message: String
}
