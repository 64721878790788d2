import FoundationEssentials
import Glibc

extension SessionFolder {
    /// A session that was written to within this time may still be recorded, s.
    private static let stillness = 10.0

    /// Whether a session seems to be recorded at present, by whichever program: it was not ended, and was written to just now.
    public func isInUse(_ session: Session) -> Bool {
        guard session.end == nil else { return false }
        let folder = path(of: session.id)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.contains { name in
            var information = stat()
            guard stat(folder + "/" + name, &information) == 0 else { return false }
            return Double(time(nil) - information.st_mtim.tv_sec) < Self.stillness
        }
    }

    /// Bytes of all files of a session.
    public func byteCount(of id: String) -> Int {
        let folder = path(of: id)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.reduce(0) { sum, name in
            var information = stat()
            return sum + (stat(folder + "/" + name, &information) == 0 ? Int(information.st_size) : 0)
        }
    }

    /// Removes a session with all its files.
    public func delete(_ session: Session) throws(SessionError) {
        guard !isInUse(session) else { throw .running(id: session.id) }
        let folder = path(of: session.id)
        do { try FileManager.default.removeItem(atPath: folder) } catch {
            throw .unwritable(path: folder, reason: "it cannot be removed; check its permissions")
        }
    }

    /// Moves a session into another folder, which is made where it is not there yet: by copying where that is on another
    /// disk. Nothing is lost where it fails.
    public func archive(_ session: Session, to archive: String) throws(SessionError) {
        guard !isInUse(session) else { throw .running(id: session.id) }
        let source = path(of: session.id), target = archive + "/" + session.id
        do { try FileManager.default.createDirectory(atPath: archive, withIntermediateDirectories: true) } catch {
            throw .unwritable(path: archive, reason: "the folder cannot be made; check its permissions")
        }
        guard !FileManager.default.fileExists(atPath: target) else {
            throw .unwritable(path: target, reason: "it is there already; remove it, or choose another folder")
        }
        if rename(source, target) == 0 { return }
        guard errno == EXDEV else { throw .unwritable(target, errno) }
        let unfinished = target + ".tmp"
        do {
            try? FileManager.default.removeItem(atPath: unfinished)
            try FileManager.default.copyItem(atPath: source, toPath: unfinished)
            guard rename(unfinished, target) == 0 else { throw SessionError.unwritable(target, errno) }
            try FileManager.default.removeItem(atPath: source)
        } catch {
            try? FileManager.default.removeItem(atPath: unfinished)
            throw .unwritable(path: target, reason: "it cannot be copied there; check the space on its disk")
        }
    }
}
