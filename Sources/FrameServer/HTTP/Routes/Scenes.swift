import Hummingbird

extension ServerRouter {
    /// `/api/scenes` and `/api/scene`.
    func addScenes(_ environment: RouteEnvironment) {
        let renderer = environment.ports.renderer
        get("/api/scenes") { _, _ in
            try .json(SceneList(scenes: renderer.scenes, current: renderer.currentScene))
        }
        post("/api/scene") { request, _ in
            let wanted = try await request.json(
                SceneRequest.self, example: #"{"scene": "spectral", "transition_s": 1}"#)
            if let seconds = wanted.transitionS, !(0...5).contains(seconds) {
                throw HTTPFailure(.badRequest, "transition_s must be from 0 to 5 seconds.")
            }
            guard renderer.showScene(wanted.scene) else {
                let names = renderer.scenes.map(\.name).joined(separator: ", ")
                throw HTTPFailure(.badRequest, "There is no scene of that name; there are \(names).")
            }
            return try .json(SceneChange(scene: wanted.scene, wantedTransition: wanted.transitionS ?? 0))
        }
    }
}

private struct SceneList: Encodable {
    let scenes: [SceneDescription]
    let current: String
}

private struct SceneRequest: Decodable {
    let scene: String
    let transitionS: Double?
}

private struct SceneChange: Encodable {
    let ok = true
    let scene: String
    /// Seconds that the change takes.
    let transitionS = 0.0
    /// What is not as it was asked for; the key is absent where all is.
    let detail: String?

    init(scene: String, wantedTransition: Double) {
        self.scene = scene
        detail = wantedTransition > 0 ? "Transitions are not drawn yet; the scene changes with the next frame." : nil
    }
}
