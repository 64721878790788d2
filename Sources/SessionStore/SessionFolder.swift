import FoundationEssentials
import Glibc

/// The folder that sessions are kept in, each in a folder of its own with the time of its start as its name.
public struct SessionFolder: Sendable {
    /// Where it is.
    public let path: String

    public init(path: String) { self.path = path }

    /// All sessions that can be read, the newest first.
    public func sessions() -> [Session] {
        ids().compactMap { if case .session(let session) = reading($0) { session } else { nil } }
    }

    /// One session; nil where there is none of that name. A name is looked up among those that are there: it is no path.
    public func session(_ id: String) -> Session? {
        guard ids().contains(id), case .session(let session) = reading(id) else { return nil }
        return session
    }

    /// Sessions whose description cannot be read, the newest first, and why each cannot.
    public func damaged() -> [(id: String, reason: String)] {
        ids().compactMap { if case .damaged(let reason) = reading($0) { ($0, reason) } else { nil } }
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

    /// What is behind a session's name.
    enum Reading {
        case session(Session)
        /// Its description cannot be read: why.
        case damaged(String)
        /// Its program ended before anything was recorded, or there is none.
        case nothing
    }

    /// A description is shorter, bytes.
    static let longestDescription = 1 << 20

    static func isID(_ name: String) -> Bool { name.wholeMatch(of: /[0-9]{8}_[0-9]{6}(_[0-9]+)?/) != nil }

    /// Names, the newest first.
    private func ids() -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter(Self.isID).sorted(by: >)
    }

    /// Whatever lies there: nothing of it makes anybody wait, or takes memory without bounds.
    func reading(_ id: String) -> Reading {
        let file = path(of: id) + "/session.json"
        // Opening a pipe would wait for somebody who writes.
        let descriptor = open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno != ENOENT { return .damaged("session.json cannot be read (\(Self.words(errno)))") }
            let others = (try? FileManager.default.contentsOfDirectory(atPath: path(of: id))) ?? []
            return others.allSatisfy { $0 == "session.json.tmp" } ? .nothing : .damaged("it has no session.json")
        }
        defer { close(descriptor) }
        guard let json = Self.bytes(of: descriptor) else {
            return .damaged("session.json is no file of less than 1 MiB")
        }
        guard var session = try? Session(json: json) else {
            return .damaged("session.json is no description of a session")
        }
        // A folder may have been given another name.
        session.id = id
        return .session(session)
    }

    private static func bytes(of descriptor: Int32) -> Data? {
        var information = stat()
        guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else { return nil }
        var bytes = Data(count: longestDescription + 1)
        let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        return (0...longestDescription).contains(count) ? bytes.prefix(count) : nil
    }

    private static func words(_ code: Int32) -> String { String(cString: strerror(code)).lowercased() }

    private static func twoDigits(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
}
