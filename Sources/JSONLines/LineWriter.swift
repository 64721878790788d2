import Glibc

/// Appends lines to a new file. Lines wait in memory until `write`, so that a file ends in the middle of a line only where
/// the machine, or the disk, gave way. Belongs to one thread.
public final class LineWriter {
    /// The file.
    public let path: String
    /// Lines since the beginning.
    public private(set) var lineCount = 0
    /// Bytes that have been given to the system.
    public private(set) var byteCount = 0
    private let descriptor: Int32
    private var waiting: [UInt8] = []

    /// Makes the file, which must not be there yet.
    public init(path: String) throws(LineFileError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw LineFileError(path, errno) }
        waiting.reserveCapacity(1 << 16)
    }

    deinit { close(descriptor) }

    /// Bytes that wait for `write`.
    public var waitingCount: Int { waiting.count }

    /// Appends what `body` appends, and ends the line.
    public func append(_ body: (inout [UInt8]) -> Void) {
        body(&waiting)
        waiting.append(UInt8(ascii: "\n"))
        lineCount += 1
    }

    /// Gives the system what waits: it outlives the program from here on.
    public func write() throws(LineFileError) {
        var done = 0
        var failure: Int32?
        waiting.withUnsafeBytes { bytes in
            while done < bytes.count {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return failure = errno }
                done += count
            }
        }
        waiting.removeFirst(done)
        byteCount += done
        if let failure { throw LineFileError(path, failure) }
    }

    /// Writes, and waits until everything is on the disk.
    public func flush() throws(LineFileError) {
        try write()
        guard fdatasync(descriptor) == 0 else { throw LineFileError(path, errno) }
    }
}
