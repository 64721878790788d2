import ArgumentParser

@main
struct PhiMatrix: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "phi-matrix")
}
