import ArgumentParser

/// How fast things are here.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measures frames a second, a server's viewers, or the analysis of sound.",
        subcommands: [BenchScenesCommand.self, BenchViewersCommand.self, BenchSoundCommand.self],
        defaultSubcommand: BenchScenesCommand.self)
}
