import Foundation

/// A response as fuzzed handshakes get it.
struct HTTPAnswer {
    let status: Int
    let isProper: Bool

    /// Proper is an upgrade, or a response whose body, where the status is an error, is {"detail": "sentence"}.
    init(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let found = text.firstMatch(of: #/^HTTP/1\.[01] (\d{3}) /#).flatMap({ Int($0.1) }),
            let end = text.firstRange(of: "\r\n\r\n")
        else {
            (status, isProper) = (-1, false)
            return
        }
        status = found
        guard found >= 400 else {
            isProper = [100, 101, 200, 201, 204, 304].contains(found)
            return
        }
        // What follows the body answers what was taken for a second request.
        let length = text.firstMatch(of: #/(?i)\r\ncontent-length: (\d+)\r\n/#).flatMap { Int($0.1) } ?? 0
        let body = Data(text[end.upperBound...].utf8.prefix(length))
        let object = try? JSONSerialization.jsonObject(with: body) as? [String: Any]
        let detail = (object ?? [:])["detail"] as? String
        isProper = found < 500 && detail?.hasSuffix(".") == true
    }
}
