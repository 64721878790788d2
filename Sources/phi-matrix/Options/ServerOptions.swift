import ArgumentParser
import Foundation
import ServerProbe

/// How a running server is reached.
struct ServerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "PEM file with the certificate of the authority that is trusted in place of the system's.",
            valueName: "file"))
    var caFile: String?

    /// - Throws: `ProbeError`, `CommandError`.
    func server(_ url: String) throws -> ProbedServer {
        if let caFile, !FileManager.default.isReadableFile(atPath: caFile) {
            throw ProbeError.badCertificates(caFile)
        }
        let environment = ProcessInfo.processInfo.environment
        let tokens = ["SOUNDLAB_AUTH_TOKEN", "SOUNDLAB_VIEW_TOKEN"].compactMap { environment[$0] }
        return try ProbedServer(url, token: tokens.first { !$0.isEmpty }, trustedCertificates: caFile)
    }
}
