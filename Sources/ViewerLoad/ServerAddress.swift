import Glibc

/// Where a server listens.
struct ServerAddress {
    private let family: Int32
    private let bytes: [UInt8]
    private let host: String

    /// - Throws: `LoadError.unknownHost`.
    init(host: String, port: Int) throws(LoadError) {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        defer { if let found { freeaddrinfo(found) } }
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let first = found?.pointee else {
            throw .unknownHost(host)
        }
        var chosen = first, next = found
        // Of a name with several addresses, the one where somebody listens.
        while let address = next?.pointee {
            if Self.answers(address) {
                chosen = address
                break
            }
            next = address.ai_next
        }
        self.host = host
        family = chosen.ai_family
        bytes = Array(UnsafeRawBufferPointer(start: chosen.ai_addr, count: Int(chosen.ai_addrlen)))
    }

    private static func answers(_ address: addrinfo) -> Bool {
        let descriptor = socket(address.ai_family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen) == 0
    }

    /// A socket that is connecting, and never blocks.
    func connect() throws(LoadError) -> Int32 {
        let flags = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        let descriptor = socket(family, Int32(flags), 0)
        guard descriptor >= 0 else { throw .system("a socket cannot be opened", errno) }
        var isOn: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
        let status = bytes.withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) {
                Glibc.connect(descriptor, $0.baseAddress, socklen_t(bytes.count))
            }
        }
        guard status == 0 || errno == EINPROGRESS else {
            let status = errno
            close(descriptor)
            throw .system("\(host) cannot be reached", status)
        }
        return descriptor
    }
}

/// Why a load run cannot go on.
public enum LoadError: Error, Equatable, CustomStringConvertible {
    case unknownHost(String)
    /// What could not be done, and `errno`.
    case system(String, Int32)

    public var description: String {
        switch self {
        case .unknownHost(let host): "The host \(host) is not known; check the address."
        case .system(let what, EMFILE), .system(let what, ENFILE):
            "Viewers are missing, since \(what): too many files are open; raise the limit with ulimit -n."
        case .system(let what, let status):
            "Viewers are missing, since \(what): \(String(cString: strerror(status)).lowercased())."
        }
    }
}
