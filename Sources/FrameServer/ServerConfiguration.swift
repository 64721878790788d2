/// How a `FrameServer` listens and whom it lets in.
public struct ServerConfiguration: Sendable {
    /// The address to listen on.
    public var host: String
    /// The port to listen on; 0 takes any that is free.
    public var port: Int
    /// How many viewers are let in at once.
    public var limits: Limits
    /// Origins beside the server's own whose pages may connect, such as "https://studio.example".
    public var allowedOrigins: [String]
    /// The token that changes need, as `Authorization: Bearer`. Nil or empty lets everybody change things who reaches a
    /// server on a loopback address, and nobody elsewhere.
    public var authToken: String?
    /// The token that viewing needs; `authToken` does as well. Nil or empty lets everybody look.
    public var viewToken: String?
    /// What the server tells of itself.
    public var build: BuildInfo
    /// What the server is for, in a word such as "staging": a label of `/metrics`.
    public var environment: String
    /// The certificate of a port that speaks TLS; nil for one that does not.
    public var tls: TLSIdentity?
    /// Takes what changes something; nil where nobody wants to know.
    public var audit: AuditLog?
    /// The settings that `GET /api/profile` shows, as they are now.
    public var profile: @Sendable () -> [ProfileEntry]

    /// A configuration; what is left out is as on a machine of one's own: loopback, port 8000, no tokens.
    public init(
        host: String = "127.0.0.1", port: Int = 8000, limits: Limits = Limits(), allowedOrigins: [String] = [],
        authToken: String? = nil, viewToken: String? = nil, build: BuildInfo, environment: String = "production",
        tls: TLSIdentity? = nil, audit: AuditLog? = nil,
        profile: @escaping @Sendable () -> [ProfileEntry] = { [] }
    ) {
        self.host = host
        self.port = port
        self.limits = limits
        self.allowedOrigins = allowedOrigins
        self.authToken = authToken
        self.viewToken = viewToken
        self.build = build
        self.environment = environment
        self.tls = tls
        self.audit = audit
        self.profile = profile
    }

    var securityHeaders: SecurityHeaders { SecurityHeaders(isSecure: tls != nil) }

    /// How many viewers are served at once, WebSockets and MJPEG streams together, and how many requests.
    public struct Limits: Sendable {
        /// From all addresses together.
        public var connections: Int
        /// From one address; loopback is exempt.
        public var connectionsPerAddress: Int
        /// Requests of one address a second, four times as many at once; loopback is exempt.
        public var requestsPerSecond: Int

        /// 100 viewers, 10 of them from one address, 50 requests a second, where nothing else is said.
        public init(connections: Int = 100, connectionsPerAddress: Int = 10, requestsPerSecond: Int = 50) {
            self.connections = connections
            self.connectionsPerAddress = connectionsPerAddress
            self.requestsPerSecond = requestsPerSecond
        }
    }

    /// What `GET /version` tells.
    public struct BuildInfo: Sendable {
        /// Also the `Server` header and the `server` of the WebSocket greeting, with the version behind a slash.
        public var serverName: String
        /// Such as "1.2.0".
        public var version: String
        /// The hash of the commit that was built; empty or a word such as "unknown" where it is not known.
        public var commit: String
        /// ISO 8601.
        public var date: String
        /// What this build can do, in single words such as "jpeg".
        public var features: [String]

        /// What a build knows of itself.
        public init(
            serverName: String = "phi-matrix", version: String, commit: String, date: String, features: [String] = []
        ) {
            self.serverName = serverName
            self.version = version
            self.commit = commit
            self.date = date
            self.features = features
        }

        var product: String { "\(serverName)/\(version)" }
    }
}

/// The parts of the program that the server shows.
public struct ServerPorts: Sendable {
    /// What draws.
    public var renderer: any RendererPort
    /// Where the state comes from.
    public var engine: any EnginePort
    /// Where single pictures come from.
    public var snapshots: any SnapshotPort
    /// Where looks come from.
    public var presets: any PresetPort
    /// What records sessions.
    public var recorder: any RecorderPort
    /// What sends the picture elsewhere.
    public var outputs: any OutputPort

    /// The parts, each behind its port.
    public init(
        renderer: any RendererPort, engine: any EnginePort, snapshots: any SnapshotPort, presets: any PresetPort,
        recorder: any RecorderPort, outputs: any OutputPort
    ) {
        self.renderer = renderer
        self.engine = engine
        self.snapshots = snapshots
        self.presets = presets
        self.recorder = recorder
        self.outputs = outputs
    }
}
