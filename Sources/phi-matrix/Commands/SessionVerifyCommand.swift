import ArgumentParser
import Foundation
import SessionStore

struct SessionVerification: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Checks whether what sessions hold is whole.",
        discussion:
            "Without a name it checks all, archived ones as well. A last line that was never finished is counted, and is no "
            + "fault: a machine whose power goes leaves one. Exits with 1 where something is damaged or missing.")

    @Argument(help: ArgumentHelp("Names, or 'latest'.", valueName: "session"))
    var sessions: [String] = []

    @Flag(help: "Prints JSON.")
    var json = false

    @OptionGroup var choice: SessionChoice

    private struct Row: Encodable {
        var id: String
        var ok: Bool { faults.isEmpty }
        var archived = false
        var samples = 0
        var duration = 0.0
        /// Last lines that were never finished.
        var tornLines = 0
        var faults: [String] = []
        var notes: [String] = []

        private enum Key: String, CodingKey { case id, ok, archived, samples, duration, tornLines, faults, notes }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(id, forKey: .id)
            try container.encode(ok, forKey: .ok)
            try container.encode(archived, forKey: .archived)
            try container.encode(samples, forKey: .samples)
            try container.encode(duration, forKey: .duration)
            try container.encode(tornLines, forKey: .tornLines)
            try container.encode(faults, forKey: .faults)
            try container.encode(notes, forKey: .notes)
        }
    }

    func run() async throws {
        let rows = try wanted().map(check)
        if json {
            print(try SessionText.json(rows))
        } else {
            for row in rows { show(row) }
        }
        let damaged = rows.filter { !$0.ok }.count
        guard damaged == 0 else {
            throw CommandError(.checkFailed, "\(damaged) of \(rows.count) sessions are damaged; see above.")
        }
    }

    private func wanted() throws -> [SessionChoice.Found] {
        guard sessions.isEmpty else { return try sessions.map { try choice.find($0) } }
        let folder = choice.folder
        let present: [SessionChoice.Found] =
            folder.sessions().map { .session($0) }
            + folder.damaged().map { .damaged(id: $0.id, reason: $0.reason) }
        return present.sorted { $0.id > $1.id } + choice.archive.entries().map { .archived($0) }
    }

    private func check(_ found: SessionChoice.Found) -> Row {
        var row = Row(id: found.id)
        switch found {
        case .session(let session):
            let check = SessionCheck(session, in: choice.folder)
            row.samples = check.sampleCount
            row.duration = check.duration
            row.tornLines = check.tornLineCount
            row.faults = check.faults
            row.notes = check.notes
        case .damaged(_, let reason):
            row.faults = ["Its description cannot be used: \(reason)."]
        case .archived(let entry):
            row.archived = true
            do {
                let session = try choice.archive.session(of: entry)
                row.duration = session.duration
                row.samples = session.streams?.first { $0.file == "metrics.jsonl" }?.lines ?? 0
                try choice.archive.verify(entry)
                row.notes = ["It is archived, and as it was then."]
            } catch { row.faults = ["\(error)"] }
        }
        return row
    }

    private func show(_ row: Row) {
        print(
            "\(row.id): \(row.ok ? "OK" : "damaged"), \(row.samples) samples in "
                + SessionText.duration(row.duration))
        for sentence in row.faults + row.notes { print("  \(sentence)") }
    }
}
