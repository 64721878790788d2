import Foundation

/// How long the tests take that find more the longer they run.
enum TestLength {
    /// Whether `PHI_MATRIX_LONG_TESTS` is 1.
    static let isLong = ProcessInfo.processInfo.environment["PHI_MATRIX_LONG_TESTS"] == "1"
}
