import ArgumentParser
import Foundation
import SessionStore

/// Sessions: what there is, what is in one, whether it is whole.
struct SessionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions", abstract: "Lists, shows, verifies, exports, archives and deletes recorded sessions.",
        discussion: "A session is played again by --engine session:NAME, with serve, render and snapshot.",
        subcommands: [
            SessionList.self, SessionShow.self, SessionVerification.self, SessionExportCommand.self,
            SessionArchiving.self, SessionUnarchiving.self, SessionDeletion.self,
        ])
}

struct SessionShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Prints what is known of a session, as JSON.")

    @Argument(help: ArgumentHelp("A session's name, or 'latest'.", valueName: "session"))
    var session: String

    @OptionGroup var choice: SessionChoice

    func run() async throws {
        guard case .archived(let entry) = try choice.find(session) else {
            return print(try SessionText.json(try choice.session(session)))
        }
        print(try SessionText.json(SessionRow(session: try choice.archive.session(of: entry), isArchived: true)))
    }
}

struct SessionExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes a session's record of the engine into one file.",
        discussion: "json has everything; csv has a row for each sample.")

    @Argument(help: ArgumentHelp("A session's name, or 'latest'.", valueName: "session"))
    var session: String

    @Option(
        help: "json or csv.",
        transform: { text in
            guard let format = SessionExport.Format(rawValue: text) else {
                throw ValidationError("There is no format '\(text)'; give --format json or --format csv")
            }
            return format
        })
    var format = SessionExport.Format.json

    @Option(
        name: [.long, .customShort("o")],
        help: ArgumentHelp("Where to write (default: standard output).", valueName: "file"))
    var output = "-"

    @OptionGroup var choice: SessionChoice

    func run() async throws {
        let session = try choice.session(session)
        let export = SessionExport(session: session, folder: choice.folder.path(of: session.id))
        guard output != "-" else {
            _ = try export.write(format, to: .standardOutput)
            return
        }
        let temporary = output + ".tmp"
        let failure = CommandError(
            .inputOutput, "The export cannot be written to \(output); check that the folder exists and has space.")
        guard FileManager.default.createFile(atPath: temporary, contents: nil),
            let file = FileHandle(forWritingAtPath: temporary)
        else { throw failure }
        do {
            let count = try export.write(format, to: file)
            try file.synchronize()
            try file.close()
            guard rename(temporary, output) == 0 else { throw failure }
            print("\(output): \(count) samples")
        } catch {
            try? FileManager.default.removeItem(atPath: temporary)
            throw error is CommandError ? error : failure
        }
    }
}
