/// Why the server cannot listen. The description is a sentence for the person who started it.
public enum ServerError: Error, Equatable, CustomStringConvertible {
    /// Another program listens there.
    case portInUse(host: String, port: Int)
    /// The system lets only privileged programs listen there.
    case portForbidden(host: String, port: Int)
    /// The host is no address of this machine, or no address at all.
    case addressUnknown(host: String)
    /// Anything else; `cause` is the system's word for it.
    case cannotListen(host: String, port: Int, cause: String)

    /// What is wrong and what to do, with the options of the command line.
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
