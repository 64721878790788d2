import FoundationEssentials
import Glibc

/// The folder that sessions are kept in, each in a folder of its own with the time of its start as its name.
public struct SessionFolder: Sendable {
    /// Where it is.
    public let path: String

    public init(path: String) { self.path = path }

    /// All sessions that can be read, the newest first.
    public func sessions() -> [Session] {
        ids().sorted(by: >).compactMap(read)
    }

    /// One session; nil where there is none of that name. A name is looked up among those that are there: it is no path.
    public func session(_ id: String) -> Session? {
        ids().contains(id) ? read(id) : nil
    }

    /// The folder of a session.
    public func path(of id: String) -> String { path + "/" + id }

    /// Makes the folder of a session that starts now, `YYYYMMDD_HHMMSS` in local time, with `_2` and so on where there is
    /// one already.
    func create(at time: time_t) throws(SessionError) -> String {
        var clock = time, local = tm()
        localtime_r(&clock, &local)
        let parts = [local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec].map(Self.twoDigits)
        let name = "\(local.tm_year + 1900)\(parts[0])\(parts[1])_\(parts[2])\(parts[3])\(parts[4])"
        if mkdir(path, 0o755) != 0, errno != EEXIST { throw .unwritable(path, errno) }
        for n in 1... {
            let id = n == 1 ? name : "\(name)_\(n)"
            if mkdir(path(of: id), 0o755) == 0 { return id }
            guard errno == EEXIST else { throw .unwritable(path(of: id), errno) }
        }
        throw .unwritable(path, EEXIST)
    }

    func write(_ session: Session) throws(SessionError) {
        let file = path(of: session.id) + "/session.json"
        guard let json = try? session.json() else { throw .unwritable(path: file, reason: "it is no JSON") }
        try AtomicFile.write(json, to: file)
    }

    private func ids() -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { $0.wholeMatch(of: /[0-9]{8}_[0-9]{6}(_[0-9]+)?/) != nil }
    }

    private func read(_ id: String) -> Session? {
        guard let json = try? Data(contentsOf: URL(filePath: path(of: id) + "/session.json")),
            var session = try? Session(json: json)
        else { return nil }
        // A folder may have been given another name.
        session.id = id
        return session
    }

    private static func twoDigits(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
}
