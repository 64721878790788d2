import Glibc

/// Reads the lines of a file one after the other, in bounded memory. Belongs to one thread.
public final class LineReader {
    /// Lines that are longer are passed over, and counted: bytes.
    public static let longestLine = 1 << 20
    private static let chunk = 1 << 16

    /// Lines that were passed over because they were too long.
    public private(set) var overlongCount = 0
    /// Whether what came after the last end of a line was cut off there: a line that was never finished.
    public private(set) var isTorn = false
    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false
    private var isSkipping = false

    /// Opens a file that is there.
    public init(path: String) throws(LineFileError) {
        self.path = path
        // Opening a pipe would wait for somebody who writes.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw LineFileError(path, errno) }
        var information = stat()
        guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw LineFileError(path, information.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL)
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Calls `body` with the next whole line, without its end; nil after the last.
    public func next<R>(_ body: (UnsafeRawBufferPointer) throws -> R) throws -> R? {
        while true {
            if let end = endOfLine() {
                defer { start = end + 1 }
                if isSkipping {
                    isSkipping = false
                    overlongCount += 1
                    continue
                }
                return try buffer.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
            }
            if buffer.count - start > Self.longestLine {
                isSkipping = true
                start = buffer.count
            }
            guard try fill() else {
                isTorn = start < buffer.count || isSkipping
                return nil
            }
        }
    }

    /// Goes on at so many bytes from the beginning, which may be in the middle of a line.
    public func seek(to offset: Int) throws(LineFileError) {
        guard lseek(descriptor, offset, Int32(SEEK_SET)) >= 0 else { throw LineFileError(path, errno) }
        buffer.removeAll(keepingCapacity: true)
        start = 0
        (isAtEnd, isSkipping, isTorn) = (false, false, false)
    }

    /// Bytes of the file.
    public var length: Int {
        var information = stat()
        return fstat(descriptor, &information) == 0 ? Int(information.st_size) : 0
    }

    private func endOfLine() -> Int? {
        buffer.withUnsafeBytes { bytes in
            guard start < bytes.count, let base = bytes.baseAddress,
                let found = memchr(base + start, 10, bytes.count - start)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }

    /// Reads on; false at the end of the file.
    private func fill() throws(LineFileError) -> Bool {
        guard !isAtEnd else { return false }
        buffer.removeFirst(start)
        start = 0
        let before = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: Self.chunk))
        var count = 0
        repeat {
            count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress.map { $0 + before }, Self.chunk) }
        } while count < 0 && errno == EINTR
        let code = errno
        buffer.removeLast(Self.chunk - max(count, 0))
        if count < 0 { throw LineFileError(path, code) }
        isAtEnd = count == 0
        return count > 0
    }
}
