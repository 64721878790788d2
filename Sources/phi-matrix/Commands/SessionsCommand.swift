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
            SessionArchiving.self, SessionDeletion.self,
        ])
}

struct SessionList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists sessions, the newest first.")

    @Flag(help: "Prints JSON.")
    var json = false

    @OptionGroup var choice: SessionChoice

    func run() async throws {
        let folder = choice.folder
        let sessions = folder.sessions()
        if json { return print(try SessionText.json(sessions)) }
        guard !sessions.isEmpty else { return print("There are no sessions in \(folder.path).") }
        print(
            SessionText.column("SESSION", 17) + SessionText.column("LENGTH", 8) + SessionText.column("SIZE", 9)
                + SessionText.column("ENGINE", 20) + SessionText.column("SCENE", 9) + "NAME")
        for session in sessions {
            print(
                SessionText.column(session.id, 17) + SessionText.column(SessionText.duration(session.duration), 8)
                    + SessionText.column(SessionText.bytes(folder.byteCount(of: session.id)), 9)
                    + SessionText.column(session.engine, 20) + SessionText.column(session.scene, 9)
                    + (session.name == session.id ? "" : session.name)
                    + (session.end == nil ? (folder.isInUse(session) ? " (being recorded)" : " (not ended)") : ""))
        }
    }
}

struct SessionShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Prints what is known of a session, as JSON.")

    @Argument(help: ArgumentHelp("A session's name, or 'latest'.", valueName: "session"))
    var session: String

    @OptionGroup var choice: SessionChoice

    func run() async throws { print(try SessionText.json(try choice.session(session))) }
}

struct SessionVerification: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Checks whether what sessions hold is whole.",
        discussion: "Without a name it checks all. A last line that was never finished is no fault: a program that is "
            + "killed leaves one. Exits with 1 where something is damaged or missing.")

    @Argument(help: ArgumentHelp("Names, or 'latest'.", valueName: "session"))
    var sessions: [String] = []

    @Flag(help: "Prints JSON.")
    var json = false

    @OptionGroup var choice: SessionChoice

    private struct Row: Encodable {
        var id: String
        var ok: Bool
        var samples: Int
        var duration: Double
        var faults: [String]
        var notes: [String]
    }

    func run() async throws {
        let folder = choice.folder
        let wanted = sessions.isEmpty ? folder.sessions() : try sessions.map { try choice.session($0) }
        let rows = wanted.map { session in
            let check = SessionCheck(session, in: folder)
            return Row(
                id: session.id, ok: check.faults.isEmpty, samples: check.sampleCount, duration: check.duration,
                faults: check.faults, notes: check.notes)
        }
        if json {
            print(try SessionText.json(rows))
        } else {
            for row in rows {
                print(
                    "\(row.id): \(row.ok ? "OK" : "damaged"), \(row.samples) samples in "
                        + SessionText.duration(row.duration))
                for sentence in row.faults + row.notes { print("  \(sentence)") }
            }
        }
        let damaged = rows.filter { !$0.ok }.count
        guard damaged == 0 else {
            throw CommandError(.checkFailed, "\(damaged) of \(rows.count) sessions are damaged; see above.")
        }
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
