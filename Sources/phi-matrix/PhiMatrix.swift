import ArgumentParser

/// The command line. Names, options and exit codes are fixed: scripts rely on them.
struct PhiMatrix: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "phi-matrix",
        abstract: "Draws Φ-matrix visuals from engine state and streams them.",
        discussion: "Exit codes: 0 done, 1 a check failed, 64 usage, 65 bad input data, 69 no usable Vulkan device or "
            + "server, 70 internal error, 74 I/O error.",
        version: ProductVersion.line,
        subcommands: [
            ServeCommand.self, RenderCommand.self, SnapshotCommand.self, VerifyCommand.self, CompareCommand.self,
            BenchCommand.self, SmokeCommand.self, ValidateCommand.self,
            PresetsCommand.self, SessionsCommand.self, BackupCommand.self, ConfigCommand.self, DoctorCommand.self,
        ])
}

@main
enum Main {
    static func main() async {
        do {
            var command = try PhiMatrix.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            Failure(error).exit()
        }
    }
}
