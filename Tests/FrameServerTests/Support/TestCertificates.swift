import Foundation
import NIOCore
import NIOSSL
import ProgramHarness

/// Certificates for 127.0.0.1, made by openssl in a folder of their own.
struct TestCertificates: Sendable {
    let folder: String

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// Makes a root and a certificate that it signed: `NAME-root.pem`, `NAME.pem`, `NAME.key`.
    func make(_ name: String, days: Int = 30) async throws {
        let root = ["-subj", "/CN=\(name) root", "-keyout", path("\(name)-root.key"), "-out", path("\(name)-root.pem")]
        try await openssl(["req", "-x509", "-days", "30"] + Self.newKey + root)
        try await openssl(
            ["req", "-x509", "-days", "\(days)"] + Self.newKey + [
                "-subj", "/CN=\(name)", "-addext", "subjectAltName=IP:127.0.0.1", "-addext",
                "basicConstraints=CA:FALSE",
                "-CA", path("\(name)-root.pem"), "-CAkey", path("\(name)-root.key"), "-keyout", path("\(name).key"),
                "-out", path("\(name).pem"),
            ])
    }

    /// Puts the pair `name` where the server looks for its own.
    func install(_ name: String) throws {
        for (ending, target) in [("pem", "server.pem"), ("key", "server.key")] {
            let data = try Data(contentsOf: URL(filePath: path("\(name).\(ending)")))
            try data.write(to: URL(filePath: path(target)), options: .atomic)
        }
    }

    /// What speaks TLS at the client's end, and trusts the root of `name` alone.
    func client(
        trusting name: String, from least: TLSVersion = .tlsv12, to most: TLSVersion? = nil
    ) throws -> @Sendable (any Channel) throws -> Void {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .file(path("\(name)-root.pem"))
        configuration.minimumTLSVersion = least
        configuration.maximumTLSVersion = most
        let context = try NIOSSLContext(configuration: configuration)
        return { channel in
            try channel.pipeline.syncOperations.addHandler(
                NIOSSLClientHandler(context: context, serverHostname: nil))
        }
    }

    private static let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]

    func openssl(_ arguments: [String]) async throws {
        let program = try Programs.find(
            ["openssl"], advice: "openssl is missing: install it with “apt-get install openssl”.")
        let outcome = try await ChildProcess(program, arguments).finished(within: .seconds(20))
        guard outcome.status == 0 else { throw Trouble("openssl failed: \(outcome.errors)") }
    }
}

/// Runs `body` with a folder for certificates that holds those of "first", installed as the server's own.
func withCertificates<R: Sendable>(_ body: @Sendable (TestCertificates) async throws -> R) async throws -> R {
    let folder = FileManager.default.temporaryDirectory.appending(path: "phi-matrix-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let certificates = TestCertificates(folder: folder.path)
    try await certificates.make("first")
    try certificates.install("first")
    return try await body(certificates)
}
