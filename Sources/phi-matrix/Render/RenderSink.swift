/// Where rendered frames go. Several threads may write, each with a writer of its own.
protocol RenderSink: Sendable {
    /// How many threads are worth while.
    var writers: Int { get }
    /// Made, used and given up on one thread.
    func makeWriter() throws -> any FrameWriter
    /// Called once all is written: puts the whole in its place.
    func commit() throws
    /// Called instead where something went wrong.
    func discard()
    /// What was written, for people: "libx264 and AAC".
    var summary: String { get }
    /// Bytes that were written.
    var size: Int { get }
}

/// Writes frames on one thread.
protocol FrameWriter: AnyObject {
    /// Takes what it needs of the pixels, which are another frame's afterwards.
    func read(_ pixels: UnsafeRawBufferPointer, index: Int) throws
    /// Writes what was read last.
    func write() throws
    /// Called behind the last frame.
    func finish() throws
}
