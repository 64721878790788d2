import ArgumentParser
import Foundation
import SessionStore

struct SessionArchiving: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive", abstract: "Moves old sessions into another folder.",
        discussion:
            "A session that is being recorded stays. An archived one is played by its path: --engine session:PATH.")

    @Option(help: ArgumentHelp("How old, such as 90d, 12h or 4w.", valueName: "age"))
    var olderThan: SessionAge

    @Option(help: ArgumentHelp("Where to (default: sessions/archive of the data directory).", valueName: "folder"))
    var to: String?

    @Flag(help: "Tells what would be moved, and moves nothing.")
    var dryRun = false

    @OptionGroup var choice: SessionChoice

    func run() async throws {
        let folder = choice.folder
        let target = to ?? folder.path + "/archive"
        let old = folder.sessions().filter { olderThan.isReached(by: $0) && !folder.isInUse($0) }
        var bytes = 0
        for session in old {
            bytes += folder.byteCount(of: session.id)
            if !dryRun { try folder.archive(session, to: target) }
            print("\(session.id): \(dryRun ? "would be moved" : "moved") to \(target)")
        }
        print("\(old.count) sessions, \(SessionText.bytes(bytes))")
    }
}

struct SessionDeletion: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Removes sessions with all their files.")

    @Argument(help: ArgumentHelp("Names of sessions.", valueName: "session"))
    var sessions: [String]

    @OptionGroup var choice: SessionChoice

    func run() async throws {
        let folder = choice.folder
        // All are looked up before the first is gone.
        let wanted = try sessions.map { try choice.session($0) }
        for session in wanted where folder.session(session.id) != nil {
            try folder.delete(session)
            print("\(session.id): deleted")
        }
    }
}
