/// What the addresses stand for: `/phi/depth`, `/phi/phase`, `/scene`, `/preset`, `/channel/N/amplitude`.
enum OSCMap {
    private static let channels = 0..<8

    /// The commands of a message; none where it is for somebody else, or its arguments do not fit.
    static func commands(_ message: OSCMessage) -> [ControlCommand] {
        guard let argument = message.arguments.first else { return [] }
        var commands: [ControlCommand] = []
        func add(_ address: String, _ command: @autoclosure () -> ControlCommand?) {
            guard OSCPattern.matches(message.address, address), let command = command() else { return }
            commands.append(command)
        }
        add("/phi/depth", argument.finite.map(ControlCommand.phiDepth))
        add("/phi/phase", argument.finite.map(ControlCommand.phiPhase))
        add("/scene", argument.choice(ControlCommand.scene, ControlCommand.sceneNumber))
        add("/preset", argument.choice(ControlCommand.preset) { _ in nil })
        for k in channels { add("/channel/\(k)/amplitude", argument.finite.map { .channelAmplitude(k, $0) }) }
        return commands
    }
}

extension OSCMessage.Argument {
    /// A number that can be reckoned with.
    fileprivate var finite: Double? {
        guard case .number(let value) = self, value.isFinite else { return nil }
        return value
    }

    fileprivate func choice(
        _ name: (String) -> ControlCommand, _ number: (Int) -> ControlCommand?
    ) -> ControlCommand? {
        switch self {
        case .text(let text): name(text)
        case .number(let value): Int(exactly: value.rounded()).flatMap(number)
        default: nil
        }
    }
}
