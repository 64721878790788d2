import ArgumentParser

/// How fast things are here.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measures frames a second and the times of the stages, or a server's viewers.",
        subcommands: [BenchScenesCommand.self, BenchViewersCommand.self], defaultSubcommand: BenchScenesCommand.self)
}
