import Foundation

/// Keeps the pipeline cache of a device between runs. A cache that cannot be read or written is done without.
struct PipelineCacheFile {
    private let url: URL?

    init(directory: String?) {
        url = directory.map { URL(filePath: $0).appending(path: "pipelines.bin") }
    }

    func load() -> [UInt8] {
        guard let url, let data = try? Data(contentsOf: url) else { return [] }
        return [UInt8](data)
    }

    func save(_ bytes: [UInt8]) {
        guard let url else { return }
        try? FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try? Data(bytes).write(to: url, options: .atomic)
    }
}
