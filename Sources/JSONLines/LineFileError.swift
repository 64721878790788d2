/// A file of lines that cannot be read or written.
public struct LineFileError: Error, Equatable {
    /// The file.
    public let path: String
    /// What the system said: an errno.
    public let code: Int32

    init(_ path: String, _ code: Int32) {
        self.path = path
        self.code = code
    }
}
