import Hummingbird

extension ServerRouter {
    /// `/api/hud`: whether figures are drawn over the picture.
    func addHUD(_ environment: RouteEnvironment) {
        let renderer = environment.ports.renderer
        get("/api/hud") { _, _ in try .json(HUDAnswer(enabled: renderer.isHUDShown)) }
        post("/api/hud") { request, _ in
            let wanted = try await request.json(HUDRequest.self, example: #"{"enabled": true}"#)
            renderer.showHUD(wanted.enabled)
            return try .json(HUDAnswer(enabled: wanted.enabled))
        }
    }
}

private struct HUDRequest: Decodable {
    let enabled: Bool
}

private struct HUDAnswer: Encodable {
    let ok = true
    let enabled: Bool
}
