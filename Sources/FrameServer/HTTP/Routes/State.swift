import FoundationEssentials
import Hummingbird
import PhiModel

extension ServerRouter {
    /// `/api/state`: a sample of the engine's state from another program, for an engine that takes them.
    func addState(_ environment: RouteEnvironment) {
        let engine = environment.ports.engine
        post("/api/state") { request, _ in
            let body = try await request.body.collect(upTo: Request.longestBody)
            do { try engine.push(Data(body.readableBytesView)) } catch let refusal as EngineRefusal {
                throw HTTPFailure(.conflict, refusal.sentence)
            } catch let error as StateDocumentError {
                throw HTTPFailure(.badRequest, StateAnswer.sentence(error))
            }
            return try .json(StateAnswer())
        }
    }
}

/// What a sender of states is told.
struct StateAnswer: Encodable {
    let ok = true

    static func sentence(_ error: StateDocumentError) -> String { "The state cannot be used: \(error)." }
}
