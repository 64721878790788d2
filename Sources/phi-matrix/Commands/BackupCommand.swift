import ArgumentParser
import Foundation
import SessionStore

/// Backups of configuration, presets and sessions.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Creates, verifies and restores backups of configuration, presets and sessions.",
        discussion:
            "A backup is a tar archive with server/config, server/presets and server/sessions, and a manifest with checksums. Exit "
            + "codes: 0 done, 65 the archive is no good, 74 a file cannot be read or written.",
        subcommands: [BackupCreation.self, BackupVerification.self, BackupRestoring.self])
}

struct BackupCreation: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Makes a backup, also while a server runs and records, and verifies it.")

    @Option(help: ArgumentHelp("The data directory.", valueName: "dir"))
    var dataDir: String?

    @Option(help: ArgumentHelp("The folder for the backup.", valueName: "folder"))
    var to = "."

    @Option(help: ArgumentHelp("Becomes part of the name, as in backup-pre-deploy-….tar.gz.", valueName: "word"))
    var label: String?

    @Option(
        help: ArgumentHelp(
            "Removes backups in the folder that are older, such as 30d, 12h or 4w, once the new one is verified; the newest of each label stays.",
            valueName: "age"))
    var keep: SessionAge?

    func validate() throws {
        if let label, !BackupName.isLabel(label) {
            throw ValidationError(
                "'\(label)' cannot stand in a name; give --label of letters, digits, '.', '_' and '-'")
        }
    }

    func run() async throws {
        let data = DataDirectory(dataDir)
        guard FileManager.default.fileExists(atPath: data.url.path) else {
            throw CommandError(
                .inputOutput, "There is no data directory \(data.url.path); give another with --data-dir.")
        }
        do { try FileManager.default.createDirectory(atPath: to, withIntermediateDirectories: true) } catch {
            throw CommandError(.inputOutput, "The folder \(to) cannot be made; give another with --to.")
        }
        let path = freePath()
        let made = try BackupWriter(root: data.url.path, version: ProductVersion.number).write(to: path)
        do { _ = try BackupReading(path).verify() } catch {
            try? FileManager.default.removeItem(atPath: path)
            throw error
        }
        print(
            "\(path): \(made.files) files, \(SessionText.bytes(made.bytes)) in \(SessionText.bytes(made.archiveBytes)), verified"
        )
        guard let keep else { return }
        for name in try BackupRetention(folder: to).run(keep: keep.seconds) { print("\(name): removed") }
    }

    /// Two in one second do not overwrite each other.
    private func freePath() -> String {
        var date = Date()
        while true {
            let path = URL(filePath: to).appending(path: BackupName(label: label, date: date).file).relativePath
            guard FileManager.default.fileExists(atPath: path) else { return path }
            date += 1
        }
    }
}

struct BackupVerification: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Reads backups to the end and compares all checksums.")

    @Argument(help: ArgumentHelp("The archives.", valueName: "file"))
    var archives: [String]

    func run() async throws {
        for archive in archives {
            let manifest = try BackupReading(archive).verify()
            let bytes = manifest.files.reduce(0) { $0 + $1.size }
            print(
                "\(archive): good, \(manifest.files.count) files, \(SessionText.bytes(bytes)), made \(manifest.created) by \(manifest.version)"
            )
        }
    }
}

struct BackupRestoring: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Puts a backup in the place of what is there, which is kept beside it.",
        discussion:
            "Stop the server first. Everything is unpacked and compared before the first folder changes its place; modes and times "
            + "are restored, and owners where it runs as root.")

    @Argument(help: ArgumentHelp("The archive.", valueName: "file"))
    var archive: String

    @Option(help: ArgumentHelp("The data directory.", valueName: "dir"))
    var dataDir: String?

    @Option(
        help: ArgumentHelp(
            "Restores this alone: config, presets or sessions; repeatable.", valueName: "part"))
    var only: [String] = []

    func validate() throws {
        if let unknown = only.first(where: { !BackupManifest.parts.contains($0) }) {
            throw ValidationError(
                "'\(unknown)' is no part of a backup; give --only \(BackupManifest.parts.joined(separator: ", "))")
        }
    }

    func run() async throws {
        let data = DataDirectory(dataDir)
        let parts = only.isEmpty ? BackupManifest.parts : BackupManifest.parts.filter(only.contains)
        let result = try BackupRestore(root: data.url.path, parts: parts).run(archive)
        print("\(data.url.path): \(parts.joined(separator: ", ")) restored as of \(result.manifest.created)")
        if let before = result.before { print("What was there before is in \(before).") }
    }
}
