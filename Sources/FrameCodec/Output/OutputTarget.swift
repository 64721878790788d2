/// Where a live output goes, as it is given on the command line.
public struct OutputTarget: Sendable, Equatable {
    /// How it is delivered.
    public enum Kind: String, Sendable, CaseIterable {
        case rtsp, srt, rtmp, rtmps, hls
    }

    /// The reason why a target cannot be used, in one sentence.
    public struct Mistake: Error, CustomStringConvertible {
        public let description: String
    }

    /// How it is delivered.
    public let kind: Kind
    /// The address, or the folder of `hls:`.
    public let address: String

    /// Parses `rtsp://…`, `srt://…`, `rtmp://…`, `rtmps://…` or `hls:DIR`.
    /// - Throws: `Mistake`.
    public init(parsing text: String) throws(Mistake) {
        let scheme = text.prefix { $0 != ":" }
        guard scheme.count < text.count, let kind = Kind(rawValue: scheme.lowercased()) else {
            throw Mistake(
                description: "'\(Self.masked(text))' is no place for an output; "
                    + "give rtsp://…, srt://…, rtmp://…, rtmps://… or hls:FOLDER")
        }
        self.kind = kind
        let rest = text.dropFirst(scheme.count + 1)
        if kind == .hls {
            guard !rest.isEmpty, !rest.hasPrefix("//") else {
                throw Mistake(description: "hls: needs the folder that the playlist goes to, such as hls:/var/www/live")
            }
            address = String(rest)
        } else {
            let authority = rest.dropFirst(2).prefix { !"/?#".contains($0) }
            let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
            guard rest.hasPrefix("//"), !host.isEmpty, !host.hasPrefix(":") || kind == .srt else {
                throw Mistake(
                    description: "'\(Self.masked(text))' names no host; give one, as in \(kind.rawValue)://host/path")
            }
            address = kind.rawValue + "://" + rest.dropFirst(2)
        }
    }

    /// How it is named in logs and answers: what may be a secret is replaced by `***`.
    public var name: String { kind == .hls ? "hls:\(address)" : Self.masked(address) }

    /// Without user and password, without the values of a query, and without the last part of an RTMP path, which is the
    /// key of the stream.
    private static func masked(_ text: String) -> String {
        guard let scheme = text.firstRange(of: "://") else { return text }
        let rest = text[scheme.upperBound...]
        var authority = rest.prefix { !"/?#".contains($0) }
        var path = rest[authority.endIndex...].prefix { !"?#".contains($0) }
        let query = rest[path.endIndex...]
        var masked = String(text[..<scheme.upperBound])
        if let at = authority.lastIndex(of: "@") {
            masked += "***@"
            authority = authority[authority.index(after: at)...]
        }
        masked += authority
        let isPublished = ["rtmp", "rtsp"].contains { text.lowercased().hasPrefix($0) }
        while isPublished, path.count > 1, path.last == "/" { path = path.dropLast() }
        // The last part of the path is what lets somebody publish.
        if isPublished, path.count > 1, let slash = path.lastIndex(of: "/") {
            masked += path[...slash] + "***"
        } else {
            masked += path
        }
        guard !query.isEmpty else { return masked }
        let pairs = query.dropFirst().split(separator: "&").map { pair in
            pair.contains("=") ? pair.prefix { $0 != "=" } + "=***" : "***"
        }
        return masked + query.prefix(1) + pairs.joined(separator: "&")
    }
}
