import FoundationEssentials
import Glibc

extension SessionFolder {
    /// A session that was written to within this time may still be recorded, s.
    private static let stillness = 10.0
    /// Ends the name of what is being removed.
    private static let removed = ".removed"

    /// Whether a session seems to be recorded at present, by whichever program: it was not ended, and was written to just now.
    public func isInUse(_ session: Session) -> Bool {
        session.end == nil && wasJustWritten(session.id)
    }

    /// The same of a name; of a session that cannot be read it counts alone when it was written to.
    public func isInUse(_ id: String) -> Bool {
        if let session = session(id) { isInUse(session) } else { wasJustWritten(id) }
    }

    private func wasJustWritten(_ id: String) -> Bool {
        let folder = path(of: id)
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

    /// Removes a session with all its files, also one that cannot be read.
    public func delete(_ id: String) throws(SessionError) {
        guard !isInUse(id) else { throw .running(id: id) }
        try discard(id)
    }

    /// Removes a folder: what is left where that is interrupted is no session.
    func discard(_ id: String) throws(SessionError) {
        let folder = path(of: id), going = path + "/." + id + Self.removed
        // What is left of earlier ones goes as well.
        for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        where name.hasPrefix(".") && name.hasSuffix(Self.removed) {
            try? FileManager.default.removeItem(atPath: path + "/" + name)
        }
        guard rename(folder, going) == 0 else { throw .unwritable(folder, errno) }
        do { try FileManager.default.removeItem(atPath: going) } catch {
            throw .unwritable(path: folder, reason: "it cannot be removed; check its permissions")
        }
    }
}
