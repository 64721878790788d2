import ArgumentParser
import Foundation
import SessionStore

struct SessionList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists sessions, the newest first; after them those that are archived.")

    @Flag(help: "Prints JSON.")
    var json = false

    @OptionGroup var choice: SessionChoice

    /// A line of the list.
    private struct Line {
        let id: String
        let bytes: Int
        let isArchived: Bool
        /// Or why it cannot be read.
        let session: Result<Session, Damage>
    }

    private struct Damage: Error { let reason: String }

    func run() async throws {
        let lines = lines()
        if json { return print(try SessionText.json(lines.map(row))) }
        guard !lines.isEmpty else { return print("There are no sessions in \(choice.folder.path).") }
        print(
            SessionText.column("SESSION", 17) + SessionText.column("LENGTH", 8) + SessionText.column("SIZE", 9)
                + SessionText.column("ENGINE", 20) + SessionText.column("SCENE", 9) + "NAME")
        for line in lines { print(text(line)) }
    }

    /// One that cannot be read is no reason not to list the others.
    private func lines() -> [Line] {
        let folder = choice.folder, archive = choice.archive
        let present =
            folder.sessions().map { session in
                Line(
                    id: session.id, bytes: folder.byteCount(of: session.id), isArchived: false,
                    session: .success(session))
            }
            + folder.damaged().map { found in
                Line(
                    id: found.id, bytes: folder.byteCount(of: found.id), isArchived: false,
                    session: .failure(Damage(reason: found.reason)))
            }
        return present.sorted { $0.id > $1.id }
            + archive.entries().map { entry in
                let session = Result { try archive.session(of: entry) }
                return Line(
                    id: entry.id, bytes: entry.bytes, isArchived: true,
                    session: session.mapError { Damage(reason: "\($0)") })
            }
    }

    private func row(_ line: Line) -> SessionListRow {
        switch line.session {
        case .success(let session): .session(SessionRow(session: session, isArchived: line.isArchived))
        case .failure(let damage):
            .damaged(DamagedSessionRow(id: line.id, archived: line.isArchived, damage: damage.reason))
        }
    }

    private func text(_ line: Line) -> String {
        let head = SessionText.column(line.id, 17)
        let size = SessionText.column(SessionText.bytes(line.bytes), 9)
        switch line.session {
        case .failure(let damage):
            let state = line.isArchived ? "(archived, damaged: " : "(damaged: "
            return head + SessionText.column("?", 8) + size + SessionText.column("?", 20) + SessionText.column("?", 9)
                + state + damage.reason + ")"
        case .success(let session):
            var words: [String] = session.name == session.id ? [] : [session.name]
            if line.isArchived {
                words.append("(archived)")
            } else if session.end == nil {
                words.append(choice.folder.isInUse(session) ? "(being recorded)" : "(not ended)")
            }
            return head + SessionText.column(SessionText.duration(session.duration), 8) + size
                + SessionText.column(session.engine, 20) + SessionText.column(session.scene, 9)
                + words.joined(separator: " ")
        }
    }
}
