import Hummingbird
import Telemetry

extension ServerRouter {
    /// `/healthz` and `/readyz`.
    func addHealth(_ environment: RouteEnvironment) {
        let version = environment.configuration.build.version
        get("/healthz") { _, _ in try .json(Health(version: version)) }
        get("/readyz") { _, _ in
            let figures = environment.statistics.snapshot()
            let checks = [
                "frames": figures.newestAge < environment.frameLifetime,
                "engine": environment.ports.engine.isFresh,
            ]
            let isReady = checks.values.allSatisfy { $0 }
            return try .json(
                Readiness(
                    status: isReady ? "ready" : "not_ready", checks: checks,
                    detail: isReady
                        ? nil
                        : checks["engine"] == true
                            ? environment.ports.renderer.trouble ?? "No frames are being produced."
                            : environment.ports.engine.description.detail),
                status: isReady ? .ok : .serviceUnavailable)
        }
    }
}

private struct Health: Encodable {
    let status = "healthy"
    let service = "soundlab-phi-matrix"
    let version: String
}

private struct Readiness: Encodable {
    let status: String
    let checks: [String: Bool]
    /// What is wrong, in a sentence, where it is known.
    let detail: String?
}
