import Glibc

/// Tells programs apart that work with a data directory: servers share it, and what replaces its folders has it alone. It ends
/// with the process, however that ends.
public final class DataDirectoryLock: Sendable {
    private let descriptor: Int32

    /// For a server.
    /// - Returns: Nil where somebody has it alone, or the folder cannot be opened.
    public convenience init?(shared path: String) { self.init(path, LOCK_SH) }

    /// For what replaces folders.
    /// - Returns: Nil where somebody works with it, or the folder cannot be opened.
    public convenience init?(exclusive path: String) { self.init(path, LOCK_EX) }

    private init?(_ path: String, _ kind: Int32) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, kind | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Ends it at the latest here; the lock goes with the last reference as well.
    public func release() { flock(descriptor, LOCK_UN) }
}
