import Handoff
import NIOCore

/// One client of `/ws/dashboard` (contract §4.2). Says nothing unasked until it is asked for the state. Lives on the event
/// loop of its connection.
final class DashboardSession: WebSocketSession {
    private let broadcast: DashboardBroadcast
    private let permission: AccessTokens.Change
    private let audit: SessionAudit
    private var connection: WebSocketConnection?
    private var queue: CommandQueue?
    private var wantsState = false

    /// - Parameters:
    ///   - permission: Whether the client may change something.
    ///   - audit: Takes what it changes.
    init(broadcast: DashboardBroadcast, permission: AccessTokens.Change, audit: SessionAudit) {
        self.broadcast = broadcast
        self.permission = permission
        self.audit = audit
    }

    func opened(_ connection: WebSocketConnection) {
        self.connection = connection
        queue = CommandQueue(on: connection.eventLoop)
        broadcast.join(self, on: connection.eventLoop)
    }

    func closed() {
        guard let connection else { return }
        broadcast.leave(self, on: connection.eventLoop)
        queue?.end()
        audit.end()
        self.connection = nil
    }

    /// Sends the state to a client that has asked for it, or leaves it out where the last one has not gone yet.
    func send(_ framed: ByteBuffer) {
        guard wantsState, let connection, connection.isWritable else { return }
        connection.send(framed)
    }

    func received(text: ByteBuffer) {
        guard let message = try? WireJSON.decode(DashboardRequest.self, from: text) else {
            return refuse("A message is a JSON object such as {\"type\": \"get_state\"}.")
        }
        switch message.type {
        case "ping":
            connection?.send(
                json: DashboardPong(
                    serverTime: MonotonicClock.unixSeconds * 1_000, clientTime: Nullable(message.clientTime)))
        case "get_state":
            connection?.send(json: StateResponse(data: DashboardData(broadcast.ports)))
            wantsState = true
        case "pause": change("pause") { $0.pause(true) }
        case "resume": change("resume") { $0.pause(false) }
        case "control_update": control(message)
        case "load_preset":
            guard let preset = message.preset else { return refuse("load_preset needs the id of a preset.") }
            change("load_preset") { await $0.loadPreset(preset) }
        default:
            refuse("The message's type is none of ping, get_state, pause, resume, control_update and load_preset.")
        }
    }

    private func control(_ message: DashboardRequest) {
        guard let name = message.control, let value = message.value else {
            return refuse("control_update needs a control and a value.")
        }
        let channel = message.channel
        change("control_update") { await $0.control(name, value, channel: channel) }
    }

    /// Does something that changes the system, after what was asked for before, and sends the answer.
    private func change(_ type: String, _ body: @escaping @Sendable (DashboardCommands) async -> ByteBuffer?) {
        audit.record(type, isRefused: permission.refusal != nil)
        if let refusal = permission.refusal { return refuse(refusal) }
        let commands = DashboardCommands(ports: broadcast.ports)
        let isTaken = queue?.add({ await body(commands) }, answer: { [weak self] in self?.connection?.send($0) })
        if isTaken == false { refuse("Too much is being asked for at once; wait for the answers.") }
    }

    private func refuse(_ sentence: String) { connection?.send(json: DashboardError(message: sentence)) }
}

/// What a dashboard may send. Fields that a kind of message does not have are absent.
private struct DashboardRequest: Decodable {
    var type: String
    var clientTime: Double?
    var control: String?
    var value: ControlValue?
    var channel: Int?
    var preset: String?
}

private struct DashboardPong: Encodable {
    let type = "pong"
    let serverTime: Double
    let clientTime: Nullable<Double>
}

private struct StateResponse: Encodable {
    let type = "state_response"
    let data: DashboardData
}

private struct DashboardError: Encodable {
    let type = "error"
    let message: String
}
