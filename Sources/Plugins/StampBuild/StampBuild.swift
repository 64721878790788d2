import Foundation
import PackagePlugin

/// Writes the commit and its date into the program: `BuildStamp.commit` and `BuildStamp.date`. The date is the commit's,
/// so that the same commit gives the same binary. Outside a checkout PHI_COMMIT and SOURCE_DATE_EPOCH are read.
@main
struct StampBuild: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let root = context.package.directoryURL
        let output = context.pluginWorkDirectoryURL.appending(path: "BuildStamp.swift")
        let log = root.appending(path: ".git/logs/HEAD")
        let script = """
            commit=$(git -C "$1" rev-parse --short=12 HEAD 2>/dev/null || printf '%s' "${PHI_COMMIT:-unknown}")
            seconds=$(git -C "$1" log -1 --format=%ct 2>/dev/null || printf '%s' "${SOURCE_DATE_EPOCH:-0}")
            date=$(date -u -d "@$seconds" +%Y-%m-%dT%H:%M:%SZ)
            printf 'enum BuildStamp {\\n    static let commit = "%s"\\n    static let date = "%s"\\n}\\n' \
            "$commit" "$date" > "$2"
            """
        return [
            .buildCommand(
                displayName: "Stamping the build", executable: URL(filePath: "/bin/sh"),
                arguments: ["-c", script, "sh", root.path, output.path],
                inputFiles: FileManager.default.fileExists(atPath: log.path) ? [log] : [], outputFiles: [output])
        ]
    }
}
