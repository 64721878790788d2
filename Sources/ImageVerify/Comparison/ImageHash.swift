import Crypto

extension RasterImage {
    /// SHA-256 of the size and the raw pixels, in hexadecimal: equal for the same picture, however its file is compressed.
    public var hash: String {
        var hasher = SHA256()
        hasher.update(data: Array("\(width)x\(height) RGBA8\n".utf8))
        hasher.update(data: bytes)
        return hasher.finalize().map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
