import FoundationEssentials
import NIOCore
import PhiModel

/// One client of `/ws/state`, which sends states. Good ones are not answered; of bad ones, the first in a while is.
final class StateSession: WebSocketSession {
    /// Samples come at up to 240 a second, and in bursts where a network held them up.
    static let messagesPerSecond = 1_000
    /// Between two answers.
    private static let pause = TimeAmount.milliseconds(500)

    private struct Answer: Encodable {
        let type = "error"
        let message: String
        /// Messages of this client that could not be used.
        let refused: Int
    }

    private let engine: any EnginePort
    private var connection: WebSocketConnection?
    private var refused = 0
    private var answered = NIODeadline.distantPast

    init(engine: any EnginePort) { self.engine = engine }

    var messagesPerSecond: Int? { Self.messagesPerSecond }

    func opened(_ connection: WebSocketConnection) { self.connection = connection }

    func received(text: ByteBuffer) {
        do { try engine.push(Data(text.readableBytesView)) } catch let error as StateDocumentError {
            answer(StateAnswer.sentence(error))
        } catch let refusal as EngineRefusal {
            answer(refusal.sentence)
        } catch {
            answer("The state cannot be used.")
        }
    }

    func closed() { connection = nil }

    private func answer(_ sentence: String) {
        refused += 1
        let now = NIODeadline.now()
        guard let connection, connection.isWritable, now - answered >= Self.pause else { return }
        answered = now
        connection.send(json: Answer(message: sentence, refused: refused))
    }
}
