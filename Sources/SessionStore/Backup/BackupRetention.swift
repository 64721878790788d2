import FoundationEssentials
import Glibc

/// Removes backups that are older than they are kept. The newest of each label always stays.
public struct BackupRetention: Sendable {
    let folder: String

    /// - Parameter folder: Where backups are; files of other names are left alone.
    public init(folder: String) { self.folder = folder }

    /// - Parameters:
    ///   - age: For how long they are kept, s.
    ///   - now: The present.
    /// - Returns: The names of those that were removed.
    /// - Throws: `BackupError`.
    public func run(keep age: Double, now: Date = Date()) throws -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let backups = names.compactMap { file in BackupName(file: file).map { (file: file, name: $0) } }
        var newest: [String?: Date] = [:]
        for backup in backups {
            newest[backup.name.label] = max(newest[backup.name.label] ?? .distantPast, backup.name.date)
        }
        var removed: [String] = []
        for backup in backups.sorted(by: { $0.file < $1.file }) {
            guard now.timeIntervalSince(backup.name.date) > age, backup.name.date != newest[backup.name.label] else {
                continue
            }
            guard unlink(folder + "/" + backup.file) == 0 else {
                throw BackupError.unwritable(folder + "/" + backup.file, BackupWriter.words(errno))
            }
            removed.append(backup.file)
        }
        return removed
    }
}
