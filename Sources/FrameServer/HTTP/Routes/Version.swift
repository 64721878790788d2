import Hummingbird

extension ServerRouter {
    /// `/version`.
    func addVersion(_ environment: RouteEnvironment) {
        get("/version") { _, _ in
            let build = environment.configuration.build
            let renderer = environment.ports.renderer.description
            return try .json(
                Version(
                    version: build.version, commit: build.commit, buildDate: build.date,
                    features: build.features,
                    renderer: Version.Renderer(
                        device: renderer.device, driver: renderer.driver, software: renderer.isSoftware)))
        }
    }
}

private struct Version: Encodable {
    struct Renderer: Encodable {
        let device: String
        let driver: String
        let software: Bool
    }

    let version: String
    let commit: String
    let buildDate: String
    let apiVersion = "1"
    let features: [String]
    let renderer: Renderer
}
