import ArgumentParser
import Foundation
import PhiRenderer
import VulkanKit

/// What this machine has, what is missing, and the command that mends it.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Tells what this machine has, what is missing, and how to mend it.",
        discussion: "Exits with 69 where frames cannot be drawn, else with 0.")

    @Flag(help: "Prints JSON.")
    var json = false

    @Option(help: ArgumentHelp("The data directory to look at.", valueName: "dir"))
    var dataDir: String?

    func run() async throws {
        let data = DataDirectory(dataDir)
        data.useForShaderCache()
        let report = DoctorReport(sections: [
            VulkanExamination.section(), EncoderExamination.section(), VideoExamination.section(),
            ToolExamination.display(), SoundExamination.sound(),
            ToolExamination.fonts(), ToolExamination.directories(data),
        ])
        print(json ? try report.json() : report.text)
        if !report.canDraw { throw ExitCode(ExitStatus.unavailable.rawValue) }
    }
}
