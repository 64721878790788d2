import Foundation
import ImageVerify
import PhiModel
import ServerProbe

/// What a person does after a deployment: opens the dashboard, connects to the metrics stream, loads a preset, starts Φ
/// modulation, and sees the picture follow. What ran before is put back.
struct UserFlow: Sendable {
    let server: ProbedServer

    /// How far Φ's depth is moved, of the range 0 to φ.
    private static let depths = (low: 0.2, high: 1.3)
    /// What a state may take to show a change, s.
    private static let patience = 5.0
    /// Difference of two pictures, as a mean over all components of 0 to 255, from which the picture has followed.
    private static let visible = 0.5

    /// - Throws: `ProbeError`, `CommandError` where a step fails.
    func run() async throws -> String {
        let page = try await server.demand("GET", "/")
        guard page.contentType.hasPrefix("text/html") else { throw failure("The dashboard is no page.") }
        let before = try await server.demand("GET", "/api/status").json("/api/status")
        let phi = try await server.demand("GET", "/api/phi").json("/api/phi")
        let snapshot = try await picture()
        let presets = try await server.demand("GET", "/api/presets").json("/api/presets").array ?? []
        let loaded = before["preset_loaded"]?.string
        let running = try await running()
        guard let other = presets.compactMap({ $0["id"]?.string }).first(where: { $0 != loaded }) else {
            throw failure("There is no other preset to load.")
        }
        do {
            try await load(other)
            try await modulate()
            try await seeChange(from: snapshot)
        } catch {
            await restore(loaded, running, phi: phi)
            throw error
        }
        await restore(loaded, running, phi: phi)
        return "dashboard opened, preset '\(other)' loaded, Φ followed, the picture changed"
    }

    private func load(_ preset: String) async throws {
        try await server.demand(
            "POST", "/api/preset/load", json: #"{"preset_id": "\#(preset)", "transition_s": 0.2}"#)
        try await wait("The preset '\(preset)' was loaded, and /api/status does not say so.") {
            try await server.demand("GET", "/api/status").json("/api/status")["preset_loaded"]?.string == preset
        }
    }

    /// Both ends of the depth are set, and the metrics stream has to show each.
    private func modulate() async throws {
        for depth in [Self.depths.low, Self.depths.high] {
            try await server.demand(
                "POST", "/api/phi", json: #"{"source": "manual", "depth": \#(depth), "phase": 1.0}"#)
            try await wait("Φ's depth was set to \(depth), and /ws/metrics does not show it.") {
                var seen = false
                _ = try await MetricsStreamProbe(server).run(seconds: 0.5) { state in
                    if let now = state["phi_depth"]?.number, abs(now - depth) < 0.02 { seen = true }
                }
                return seen
            }
        }
    }

    private func seeChange(from before: RasterImage) async throws {
        try await wait("A preset was loaded and Φ moved, and the picture is as before.") {
            let now = try await picture()
            guard now.width == before.width, now.height == before.height else { return true }
            var sum = 0
            for (a, b) in zip(now.bytes, before.bytes) { sum += abs(Int(a) - Int(b)) }
            return Double(sum) / Double(max(now.bytes.count, 1)) > Self.visible
        }
    }

    private func picture() async throws -> RasterImage {
        let answer = try await server.demand("GET", "/snapshot.png")
        let image = try ImageFile.decode([UInt8](answer.body), path: "The picture of the server")
        guard Set(image.bytes.prefix(1 << 20)).count > 2 else { throw failure("The picture is blank.") }
        return image
    }

    /// What runs, as a preset that is saved for as long as it takes to read it.
    private func running() async throws -> JSONValue {
        let name = "validation-\(UInt64.random(in: 0...UInt64.max))"
        let answer = try await server.demand(
            "POST", "/api/preset/save", json: #"{"name": "\#(name)"}"#, statuses: [201])
        guard let id = try answer.json("/api/preset/save")["id"]?.string else {
            throw failure("The running preset was saved, and the answer does not say as what.")
        }
        let found: Result<JSONValue, any Error>
        do { found = .success(try await server.demand("GET", "/api/presets/\(id)").json("/api/presets/\(id)")) } catch {
            found = .failure(error)
        }
        try await server.demand("DELETE", "/api/presets/\(id)")
        let preset = try found.get()
        guard case .object(var fields) = preset else { throw failure("The running preset is no JSON object.") }
        fields["id"] = nil
        fields["read_only"] = nil
        fields["name"] = .string("Before the validation")
        return .object(fields)
    }

    private func restore(_ loaded: String?, _ running: JSONValue, phi: JSONValue) async {
        // The flow has failed or passed already; where putting back fails as well, the server says why itself.
        // First the preset, for its name, and what is usually changed after it was loaded.
        if let loaded {
            await put("/api/preset/load", ["preset_id": .string(loaded), "transition_s": .number(0)])
            if let scene = running["scene"] { await put("/api/scene", ["scene": scene, "transition_s": .number(0)]) }
            for (n, channel) in (running["channels"]?.array ?? []).enumerated() {
                var wanted: [String: JSONValue] = [:]
                wanted["amplitude"] = channel["amplitude"]
                wanted["enabled"] = channel["enabled"]
                await put("/api/channels/\(n)", wanted)
            }
            await restore(phi)
        }
        // Then all of it, as a preset without a name, if that was not all.
        guard case .object(let fields) = running else { return }
        if loaded != nil, case .object(let now)? = try? await self.running() {
            // Φ moves, and is put back by itself.
            func isElse(_ key: String) -> Bool { key != "phi" && now[key] != fields[key] }
            if !fields.keys.contains(where: isElse) { return }
        }
        await put("/api/preset/apply", fields)
        await restore(phi)
    }

    private func restore(_ phi: JSONValue) async {
        let source = phi["source"]?.string ?? "internal"
        var wanted: [String: JSONValue] = ["source": .string(source)]
        if source == "manual" {
            wanted["depth"] = phi["depth"]
            wanted["phase"] = phi["phase"]
        }
        await put("/api/phi", wanted)
    }

    private func put(_ path: String, _ fields: [String: JSONValue]) async {
        guard let json = try? JSONValue.object(fields).json() else { return }
        _ = try? await server.send("POST", path, json: String(decoding: json, as: UTF8.self))
    }

    private func wait(_ complaint: String, _ question: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(Self.patience)
        repeat {
            if try await question() { return }
            try await Task.sleep(for: .milliseconds(100))
        } while ContinuousClock.now < end
        throw failure(complaint)
    }

    private func failure(_ sentence: String) -> CommandError { CommandError(.checkFailed, sentence) }
}
