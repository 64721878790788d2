import ArgumentParser
import Foundation
import ImageVerify
import PhiRenderer

/// What verify and its approve share: which cases, and how they are drawn.
struct GoldenOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The golden cases; by default those of the checkout or beside the program.", valueName: "file"))
    var manifest: String?

    @Option(
        name: .customLong("case"),
        help: ArgumentHelp("Only cases whose names match, with * and ?; can be given several times.", valueName: "glob")
    )
    var globs: [String] = []

    @Option(help: ArgumentHelp("The Vulkan device, by its number or a part of its name.", valueName: "index|name"))
    var device: String?

    @Option(
        help: ArgumentHelp(
            "Draws with this driver only, such as the one that the golden pictures are from; report.json has it as driver_key.",
            valueName: "key"))
    var driverKey: String?

    @Option(
        help: "How many cases are drawn at the same time, 1 to 64; no more than there are cores, which is the default.")
    var jobs: Int?

    @Flag(name: .customLong("no-validation"), help: "Draws without the Vulkan validation layer.")
    var isUnvalidated = false

    @Option(help: ArgumentHelp("Where caches are.", valueName: "dir"))
    var dataDir: String?

    func validate() throws {
        if let jobs, !(1...64).contains(jobs) {
            throw ValidationError("\(jobs) cases cannot be drawn at the same time; give --jobs from 1 to 64")
        }
    }

    func readManifest() throws -> GoldenManifest {
        try GoldenManifest(path: try manifest ?? Self.standardManifest(), scenes: SceneCatalog.entries.map(\.name))
    }

    /// The manifest of the checkout that one is in, of the one that the program was built in, or beside the program.
    private static func standardManifest() throws -> String {
        let place = "Tests/Goldens/manifest.json"
        var folders = [URL(filePath: FileManager.default.currentDirectoryPath)]
        if let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
            var folder = URL(filePath: program).deletingLastPathComponent()
            for _ in 0..<5 {
                folders.append(folder)
                folder.deleteLastPathComponent()
            }
        }
        for folder in folders {
            let path = folder.appending(path: place).path
            if FileManager.default.fileExists(atPath: path) { return path }
        }
        throw CommandError(.inputOutput, "There is no \(place) here; give the golden cases with --manifest FILE.")
    }

    /// The cases that were asked for.
    func select(_ manifest: GoldenManifest) throws -> [GoldenCase] {
        guard !globs.isEmpty else { return manifest.cases }
        for glob in globs where !manifest.cases.contains(where: { Self.matches($0.name, glob) }) {
            throw CommandError(
                .usage,
                "No case matches '\(glob)'; there are \(manifest.cases.count), such as \(manifest.cases[0].name).")
        }
        return manifest.cases.filter { item in globs.contains { Self.matches(item.name, $0) } }
    }

    private static func matches(_ name: String, _ glob: String) -> Bool { fnmatch(glob, name, 0) == 0 }

    func run(_ manifest: GoldenManifest, seed: UInt64? = nil) throws -> GoldenRun {
        let data = DataDirectory(dataDir)
        data.useForShaderCache()
        return GoldenRun(
            manifest: manifest, approvals: try Approvals(folder: manifest.folder),
            presets: PresetFiles(dataDirectory: data, isShippedOnly: true), cacheDirectory: data.cache.path,
            device: device, driverKey: driverKey, seed: seed, isValidated: !isUnvalidated,
            approveCommand: "phi-matrix verify approve" + (self.manifest.map { " --manifest '\($0)'" } ?? ""),
            jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount)
    }

    /// Golden pictures are a person's word: no pipeline gives it.
    static func refuseInPipeline(_ what: String) throws {
        let value = ProcessInfo.processInfo.environment["CI"]?.lowercased() ?? ""
        guard ["", "0", "false", "no"].contains(value) else {
            throw CommandError(
                .usage,
                "\(what) is refused in CI, where nobody looks at the pictures; do it on your machine and commit the result."
            )
        }
    }
}
