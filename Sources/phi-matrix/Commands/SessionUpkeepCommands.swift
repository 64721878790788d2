import ArgumentParser
import Foundation
import SessionStore

struct SessionArchiving: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive", abstract: "Puts old sessions away, each in one compressed file.",
        discussion:
            "A session that is being recorded stays. 'phi-matrix sessions unarchive' brings one back, bit for bit; tar "
            + "unpacks one as well.")

    @Option(help: ArgumentHelp("How old, such as 90d, 12h or 4w.", valueName: "age"))
    var olderThan: SessionAge

    @Option(help: ArgumentHelp("Where to (default: sessions/archive of the data directory).", valueName: "folder"))
    var to: String?

    @Flag(help: "Tells what would be archived, and changes nothing.")
    var dryRun = false

    @OptionGroup var choice: SessionChoice

    func run() async throws {
        let folder = choice.folder
        let archive = to.map { SessionArchive(path: $0) } ?? choice.archive
        let old = folder.sessions().filter { olderThan.isReached(by: $0) && !folder.isInUse($0) }
        var (count, before, after) = (0, 0, 0)
        var failures: [any Error] = []
        for session in old {
            guard !dryRun else {
                count += 1
                before += folder.byteCount(of: session.id)
                print("\(session.id): would be archived to \(archive.path)")
                continue
            }
            // What is wrong with one is no reason to leave the others.
            do {
                let bytes = try archive.add(session.id, of: folder)
                (count, before, after) = (count + 1, before + bytes.before, after + bytes.after)
                print(
                    "\(session.id): archived to \(archive.path), \(SessionText.bytes(bytes.before)) as "
                        + SessionText.bytes(bytes.after))
            } catch {
                failures.append(error)
                print("\(session.id): stays. \(error)")
            }
        }
        print("\(count) sessions, \(SessionText.bytes(before))" + (dryRun ? "" : " as \(SessionText.bytes(after))"))
        if let failure = failures.first { throw failure }
    }
}

struct SessionUnarchiving: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unarchive", abstract: "Brings archived sessions back, bit for bit.")

    @Argument(help: ArgumentHelp("Names of archived sessions.", valueName: "session"))
    var sessions: [String]

    @Option(help: ArgumentHelp("Where from (default: sessions/archive of the data directory).", valueName: "folder"))
    var from: String?

    @OptionGroup var choice: SessionChoice

    func run() async throws {
        let folder = choice.folder
        let archive = from.map { SessionArchive(path: $0) } ?? choice.archive
        // All are looked up before the first is brought back.
        let wanted = try sessions.map { id in
            guard let entry = archive.entry(id) else {
                throw CommandError(
                    .badInput,
                    "There is no session '\(id)' in \(archive.path); 'phi-matrix sessions list' has what is archived.")
            }
            return entry
        }
        for entry in wanted where archive.entry(entry.id) != nil {
            try archive.restore(entry, to: folder)
            print("\(entry.id): back in \(folder.path)")
        }
    }
}

struct SessionDeletion: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Removes sessions with all their files, also archived and damaged ones.")

    @Argument(help: ArgumentHelp("Names of sessions.", valueName: "session"))
    var sessions: [String]

    @OptionGroup var choice: SessionChoice

    func run() async throws {
        let folder = choice.folder
        // All are looked up before the first is gone.
        let wanted = try sessions.map { try choice.find($0) }
        var gone: Set<String> = []
        for found in wanted where gone.insert(found.id).inserted {
            switch found {
            case .archived(let entry): try choice.archive.delete(entry)
            case .session, .damaged: try folder.delete(found.id)
            }
            print("\(found.id): deleted")
        }
    }
}
