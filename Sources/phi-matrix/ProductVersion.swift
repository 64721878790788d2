/// The version of this program.
enum ProductVersion {
    static let number = "0.9.0"

    static var line: String { "phi-matrix \(number) (\(BuildStamp.commit), \(BuildStamp.date))" }
}
