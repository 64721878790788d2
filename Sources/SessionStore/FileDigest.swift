import Crypto
import Glibc

/// The SHA-256 of a file that only grows. Owned by one thread.
final class FileDigest {
    private static let blockSize = 64 << 10

    /// Below 0 where the file could not be opened, or read.
    private var descriptor: Int32
    private var hash = SHA256()
    private var count = 0

    init(path: String) { descriptor = open(path, O_RDONLY | O_CLOEXEC) }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Takes in what has been added, up to so many bytes of the file.
    /// - Returns: The digest of everything so far; nil where the file cannot be read.
    func extend(to limit: Int = .max) -> Session.Digest? {
        withUnsafeTemporaryAllocation(byteCount: Self.blockSize, alignment: 16) { buffer in
            while descriptor >= 0, count < limit {
                let size = pread(descriptor, buffer.baseAddress, min(buffer.count, limit - count), count)
                if size < 0, errno == EINTR { continue }
                if size < 0 {
                    close(descriptor)
                    descriptor = -1
                }
                guard size > 0 else { break }
                hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<size]))
                count += size
            }
        }
        guard descriptor >= 0 else { return nil }
        // Finalizing a copy leaves this one open.
        return Session.Digest(bytes: count, sha256: hash.finalize().hexadecimal)
    }
}
