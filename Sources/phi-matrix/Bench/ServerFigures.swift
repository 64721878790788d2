import Foundation
import FoundationNetworking
import Handoff

/// What a server tells of itself in /metrics.
struct ServerFigures {
    /// µs of the monotonic clock when it was asked.
    var at: UInt64
    var framesRendered: Double
    var memoryBytes: Double
    /// Cores that were busy since it was asked before.
    var cores: Double

    /// Frames a second that were drawn since `earlier`.
    func framesPerSecond(since earlier: ServerFigures) -> Double {
        (framesRendered - earlier.framesRendered) / (Double(at - earlier.at) * 1e-6)
    }
}

/// Asks a server for its figures.
struct ServerFiguresReader: Sendable {
    let server: URL
    let token: String?

    func read() async throws -> ServerFigures {
        var request = URLRequest(url: server.appending(path: "metrics"), timeoutInterval: 10)
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        let data: Data, response: URLResponse
        do { (data, response) = try await URLSession.shared.data(for: request) } catch {
            throw unavailable("does not answer")
        }
        let at = MonotonicClock.microseconds
        switch (response as? HTTPURLResponse)?.statusCode {
        case 200: break
        case 401: throw unavailable("wants a token; set SOUNDLAB_VIEW_TOKEN")
        case let status: throw unavailable("answers with status \(status ?? 0)")
        }
        let text = String(decoding: data, as: UTF8.self)
        guard let frames = Self.value("soundlab_frames_rendered_total", text),
            let memory = Self.value("soundlab_memory_bytes", text),
            let cpu = Self.value("soundlab_cpu_percent", text)
        else { throw unavailable("tells nothing of frames and memory in /metrics; it is another program") }
        return ServerFigures(at: at, framesRendered: frames, memoryBytes: memory, cores: cpu / 100)
    }

    private static func value(_ name: String, _ text: String) -> Double? {
        text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
            .flatMap { $0.split(separator: " ").last }.flatMap { Double($0) }
    }

    private func unavailable(_ what: String) -> CommandError {
        CommandError(.unavailable, "The server at \(server) \(what).")
    }
}
