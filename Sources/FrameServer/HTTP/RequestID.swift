import HTTPTypes

/// What one request is called in logs and answers: as its sender named it where that is a plain word, else made up.
struct RequestID: Sendable, Equatable, CustomStringConvertible {
    static let headerName = "X-Request-Id"
    /// Bytes of a name that is taken over.
    private static let longest = 128

    let description: String

    /// - Parameter offered: The values of X-Request-Id.
    init(_ offered: [String]) {
        if offered.count == 1, let name = offered.first, Self.isSane(name) {
            description = name
        } else {
            let number = UInt128.random(in: .min ... .max)
            let digits = String(number, radix: 16)
            description = String(repeating: "0", count: 32 - digits.count) + digits
        }
    }

    /// Nothing that could end a log line, or look like another field of it.
    private static func isSane(_ name: String) -> Bool {
        (1...longest).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}

extension HTTPField.Name {
    /// A literal that the type takes: it is a token.
    static var requestID: HTTPField.Name? { HTTPField.Name(RequestID.headerName) }
}
