import ArgumentParser
import Foundation
import SessionStore

/// Finds the sessions that a command is about.
struct SessionChoice: ParsableArguments {
    @Option(help: ArgumentHelp("The data directory whose sessions/ is meant.", valueName: "dir"))
    var dataDir: String?

    var data: DataDirectory { DataDirectory(dataDir) }
    var folder: SessionFolder { SessionFolder(path: data.sessions.path) }

    /// Where sessions are put away to.
    var archive: SessionArchive { SessionArchive(path: folder.path + "/archive") }

    /// What a name stands for.
    enum Found {
        case session(Session)
        case archived(SessionArchive.Entry)
        /// It is there, and cannot be read: why.
        case damaged(id: String, reason: String)

        var id: String {
            switch self {
            case .session(let session): session.id
            case .archived(let entry): entry.id
            case .damaged(let id, _): id
            }
        }
    }

    /// Whatever has a name; "latest" is the newest that can be read.
    func find(_ id: String) throws -> Found {
        if let damaged = folder.damaged().first(where: { $0.id == id }) {
            return .damaged(id: damaged.id, reason: damaged.reason)
        }
        if id != "latest", folder.session(id) == nil, let entry = archive.entry(id) { return .archived(entry) }
        return .session(try session(id))
    }

    /// The session of a name; "latest" is the newest.
    func session(_ id: String) throws -> Session {
        let folder = folder
        if let session = id == "latest" ? folder.sessions().first : folder.session(id) { return session }
        if let damaged = folder.damaged().first(where: { $0.id == id }) {
            throw SessionError.unreadable(path: folder.path(of: id), reason: damaged.reason)
        }
        if archive.entry(id) != nil {
            throw CommandError(
                .badInput,
                "The session '\(id)' is archived; bring it back with 'phi-matrix sessions unarchive \(id)'.")
        }
        let known = folder.sessions().prefix(3).map(\.id)
        throw CommandError(
            .badInput,
            known.isEmpty
                ? "There is no session '\(id)', and no other in \(folder.path); record one with 'phi-matrix serve --record'."
                : "There is no session '\(id)'; 'phi-matrix sessions list' has all, the newest being \(known.joined(separator: ", "))."
        )
    }
}

/// An age, such as 90d, as it is given on the command line.
struct SessionAge: ExpressibleByArgument, Sendable {
    let seconds: Double

    init?(argument: String) {
        let units: [Character: Double] = ["h": 3_600, "d": 86_400, "w": 7 * 86_400]
        guard let unit = argument.last.flatMap({ units[$0] }), let count = Int(argument.dropLast()), count >= 0,
            count <= 100_000
        else { return nil }
        seconds = Double(count) * unit
    }

    /// Whether a session began before this age.
    func isReached(by session: Session) -> Bool {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true, timeZone: .gmt)
        guard let start = try? Date(session.start, strategy: style) else { return false }
        return Date().timeIntervalSince(start) >= seconds
    }
}
