import Foundation
import PackagePlugin

/// Compiles every .vert, .frag and .comp of a target with glslc into a Swift array of SPIR-V words:
/// `shape.frag` becomes `SPIRV.shapeFrag`. Included .glsl files are inputs of every shader.
@main
struct CompileShaders: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let folder = target.directoryURL
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let includes = files.filter { $0.pathExtension == "glsl" }
        let stages = ["vert": "Vert", "frag": "Frag", "comp": "Comp"]
        return files.sorted { $0.path < $1.path }.compactMap { shader in
            guard let suffix = stages[shader.pathExtension] else { return nil }
            let name = shader.deletingPathExtension().lastPathComponent + suffix
            let output = context.pluginWorkDirectoryURL.appending(path: "\(name).swift")
            let script = """
                command -v glslc >/dev/null || { echo "error: glslc is missing: apt-get install glslc" >&2; exit 1; }
                set -e
                words=$(glslc --target-env=vulkan1.3 -O -mfmt=num -o - "$1")
                printf 'extension SPIRV {\\n    public static let %s: [UInt32] = [%s]\\n}\\n' "$2" "$words" > "$3"
                """
            return .buildCommand(
                displayName: "Compiling shader \(shader.lastPathComponent)",
                executable: URL(filePath: "/bin/sh"),
                arguments: ["-c", script, "sh", shader.path, name, output.path],
                inputFiles: [shader] + includes, outputFiles: [output])
        }
    }
}
