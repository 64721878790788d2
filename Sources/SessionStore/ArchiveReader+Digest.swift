import Crypto
import TarArchive

extension ArchiveReader {
    /// Reads the entry that `next` gave to its end.
    /// - Parameter consume: Is given its bytes, a piece at a time.
    /// - Returns: Their SHA-256, in hexadecimal digits.
    /// - Throws: `ArchiveError`, and what `consume` throws.
    func digest(_ consume: (UnsafeRawBufferPointer) throws -> Void) throws -> String {
        var hash = SHA256()
        try read {
            hash.update(bufferPointer: $0)
            try consume($0)
        }
        return hash.finalize().hexadecimal
    }
}
