import Hummingbird
public import PhiModel

/// One setting of the running server, as `GET /api/profile` shows it.
public struct ProfileEntry: Encodable, Sendable {
    /// Where a setting comes from.
    public enum Source: String, Encodable, Sendable {
        /// The command line.
        case flag
        /// An environment variable.
        case environment
        /// The configuration file.
        case file
        /// Nobody chose it.
        case standard = "default"
    }

    /// What stands for a secret.
    public static let mask = "********"

    /// As it is called in the configuration file or on the command line.
    public let key: String
    /// As it is in force; masked where it is a secret.
    public let value: JSONValue
    /// Where it was chosen.
    public let source: Source

    /// A setting with its value; passwords and tokens within addresses are masked.
    public init(key: String, value: JSONValue, source: Source) {
        self.key = key
        self.value = if case .string(let text) = value { .string(Self.masked(text)) } else { value }
        self.source = source
    }

    /// A setting that nobody is to read. Tells whether there is one, and no more.
    public init(key: String, isSecretSet: Bool, source: Source) {
        self.key = key
        value = isSecretSet ? .string(Self.mask) : .null
        self.source = source
    }

    /// `scheme://user:password@host` and `?token=…`, as engines and outputs may have them.
    static func masked(_ text: String) -> String {
        text.replacing(#/(://)[^/@\s]*@/#) { "\($0.1)\(mask)@" }
            .replacing(#/([?&](?i:token|key|password|passphrase|streamid)=)[^&\s]*/#) { "\($0.1)\(mask)" }
    }
}

extension ServerRouter {
    /// `/api/profile`: what the server runs with, and where each setting comes from.
    func addProfile(_ environment: RouteEnvironment) {
        get("/api/profile") { _, _ in
            let configuration = environment.configuration
            return try .json(
                Profile(
                    version: configuration.build.version, commit: configuration.build.commit,
                    settings: Dictionary(configuration.profile().map { ($0.key, $0) }, uniquingKeysWith: { $1 })))
        }
    }
}

private struct Profile: Encodable {
    let ok = true
    let version: String
    let commit: String
    let settings: [String: ProfileEntry]
}
