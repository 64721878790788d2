import Hummingbird
import PhiModel

extension ServerRouter {
    /// `/api/scenes` and `/api/scene`.
    func addScenes(_ environment: RouteEnvironment) {
        let renderer = environment.ports.renderer
        get("/api/scenes") { _, _ in
            try .json(SceneList(scenes: renderer.scenes, current: renderer.currentScene))
        }
        post("/api/scene") { request, _ in
            let wanted = try await request.json(
                SceneRequest.self, example: #"{"scene": "spectral", "transition_s": 1, "style": "spiral"}"#)
            let transition = try wanted.transition()
            guard renderer.showScene(wanted.scene, transition: transition) else {
                let names = renderer.scenes.map(\.name).joined(separator: ", ")
                throw HTTPFailure(.badRequest, "There is no scene of that name; there are \(names).")
            }
            return try .json(SceneChange(scene: wanted.scene, transition))
        }
    }
}

private struct SceneList: Encodable {
    /// Seconds.
    struct Duration: Encodable {
        let min = Transition.secondsRange.lowerBound
        let max = Transition.secondsRange.upperBound
        let standard = Transition.standard.seconds
    }

    let scenes: [SceneDescription]
    let current: String
    /// The styles there are, the standard one first.
    let transitions = Transition.Style.allCases.map(\.name)
    let transitionS = Duration()
}

private struct SceneRequest: Decodable {
    let scene: String
    let transitionS: Double?
    let style: String?

    /// The transition that is asked for; what is left out is the standard. Throws a failure with a sentence.
    func transition() throws -> Transition {
        var transition = Transition.standard
        if let transitionS {
            let range = Transition.secondsRange
            guard range.contains(transitionS) else {
                throw HTTPFailure(
                    .badRequest,
                    "transition_s must be from \(Int(range.lowerBound)) to \(Int(range.upperBound)) seconds.")
            }
            transition.seconds = transitionS
        }
        if let style {
            guard let known = Transition.Style(name: style) else {
                let names = Transition.Style.allCases.map(\.name).joined(separator: ", ")
                throw HTTPFailure(.badRequest, "There is no transition of that style; there are \(names).")
            }
            transition.style = known
        }
        return transition
    }
}

private struct SceneChange: Encodable {
    let ok = true
    let scene: String
    /// Seconds that the change takes.
    let transitionS: Double
    let style: String

    init(scene: String, _ transition: Transition) {
        self.scene = scene
        transitionS = transition.seconds
        style = transition.style.name
    }
}
