/// Why the server cannot listen. The description is a sentence for the person who started it.
public enum ServerError: Error, Equatable, CustomStringConvertible {
    case portInUse(host: String, port: Int)
    case portForbidden(host: String, port: Int)
    case addressUnknown(host: String)
    case cannotListen(host: String, port: Int, cause: String)

    public var description: String {
        switch self {
        case .portInUse(let host, let port):
            "Port \(port) on \(host) is in use by another program; stop it or choose another with --port."
        case .portForbidden(let host, let port):
            "Port \(port) on \(host) needs more rights than this program has; choose one above 1023 with --port."
        case .addressUnknown(let host):
            "\(host) is not an address of this machine; choose another with --host."
        case .cannotListen(let host, let port, let cause):
            "Cannot listen on port \(port) of \(host) (\(cause)); choose others with --host and --port."
        }
    }
}
