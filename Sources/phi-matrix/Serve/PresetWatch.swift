import Dispatch
import Logging
import PhiModel
import ServiceLifecycle
import SessionStore

/// Looks once a second whether files of presets have changed: a changed file of the preset that runs is applied again; one
/// that cannot be used is reported, and what runs goes on.
struct PresetWatch: Service {
    let presets: PresetAdapter
    let logger: Logger
    var interval = Duration.seconds(1)

    func run() async throws {
        var known = await marks()
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: interval) }
            let now = await marks()
            for (id, mark) in now where known[id] != mark { await changed(id) }
            known = now
        }
    }

    private func changed(_ id: String) async {
        let library = presets.library
        let result: Result<Preset, PresetStoreError> = await offLoop {
            do throws(PresetStoreError) { return .success(try library.read(try library.entry(id))) } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let preset):
            // What was saved from the running picture is not laid over what has been changed since.
            guard presets.loaded == id, !presets.isSaved(preset) else { return }
            _ = presets.load(preset, id: id, seconds: nil)
            logger.info("The preset's file has changed, and is applied again.", metadata: ["preset": "\(id)"])
        case .failure(let error):
            let consequence = presets.loaded == id ? " What it said before goes on." : ""
            logger.warning("\(error)\(consequence)")
        }
    }

    private func marks() async -> [String: FileMark] {
        let library = presets.library
        return await offLoop {
            Dictionary(
                library.entries.compactMap { entry in FileMark(entry.path).map { (entry.id, $0) } },
                uniquingKeysWith: { first, _ in first })
        }
    }

    private func offLoop<R: Sendable>(_ body: @escaping @Sendable () -> R) async -> R {
        await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .utility).async { continuation.resume(returning: body()) }
        }
    }
}
