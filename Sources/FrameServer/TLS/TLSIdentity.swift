import FoundationEssentials
public import Logging
import NIOCore
import NIOSSL
import Synchronization

/// The server's certificate and its key, read again when their files change. Connections that stand keep what they began
/// with; a pair of files that cannot be used is reported, and the last good one stays.
public final class TLSIdentity: Sendable {
    private struct Stamps: Equatable, Sendable {
        let certificate: FileStamp?
        let key: FileStamp?
    }

    private struct Material: Sendable {
        let context: NIOSSLContext
        /// Unix seconds.
        let expires: Int
    }

    private struct State: Sendable {
        var material: Material
        var loaded: Stamps
        /// What was seen to be unusable, and whether that was said: two files are not replaced in one moment.
        var refused: (stamps: Stamps, isReported: Bool)?
    }

    private let certificate: String
    private let key: String
    private let logger: Logger
    private let state: Mutex<State>

    /// Reads the files.
    /// - Parameters:
    ///   - certificate: A PEM file: the server's certificate, then those that lead to a root.
    ///   - key: A PEM file without passphrase.
    public init(certificate: String, key: String, logger: Logger) throws(CertificateError) {
        self.certificate = certificate
        self.key = key
        self.logger = logger
        let stamps = Self.stamps(certificate, key)
        let material = try Self.load(certificate, key)
        state = Mutex(State(material: material, loaded: stamps))
        warnOfExpiry(material)
    }

    /// What new connections begin with.
    var context: NIOSSLContext { state.withLock { $0.material.context } }

    /// When the certificate expires, Unix seconds.
    var expires: Int { state.withLock { $0.material.expires } }

    /// Reads the files again where they changed. Blocks: not for an event loop.
    func reloadIfChanged() {
        let stamps = Self.stamps(certificate, key)
        let (loaded, refused) = state.withLock { ($0.loaded, $0.refused) }
        guard stamps != loaded, refused?.stamps != stamps || refused?.isReported == false else { return }
        do throws(CertificateError) {
            let material = try Self.load(certificate, key)
            state.withLock { state in
                state.material = material
                state.loaded = stamps
                state.refused = nil
            }
            logger.notice("The certificate was read again.", metadata: ["file": "\(certificate)"])
            warnOfExpiry(material)
        } catch {
            let isSeenAgain = refused?.stamps == stamps
            state.withLock { $0.refused = (stamps, isSeenAgain) }
            guard isSeenAgain else { return }
            logger.error("The new certificate cannot be used; the last one stays.", metadata: ["cause": "\(error)"])
        }
    }

    private func warnOfExpiry(_ material: Material) {
        let days = (Double(material.expires) - Date().timeIntervalSince1970) / 86_400
        guard days < 14 else { return }
        logger.warning(
            days < 0 ? "The certificate has expired; browsers refuse it." : "The certificate expires soon.",
            metadata: ["file": "\(certificate)", "days": "\(Int(days.rounded(.down)))"])
    }

    private static func stamps(_ certificate: String, _ key: String) -> Stamps {
        Stamps(certificate: FileStamp(certificate), key: FileStamp(key))
    }

    private static func load(_ certificate: String, _ key: String) throws(CertificateError) -> Material {
        func bytes(_ path: String) throws(CertificateError) -> [UInt8] {
            guard let data = FileManager.default.contents(atPath: path) else { throw .unreadable(path: path) }
            return [UInt8](data)
        }
        let chain = (try? NIOSSLCertificate.fromPEMBytes(try bytes(certificate))) ?? []
        guard let leaf = chain.first else {
            _ = try bytes(certificate)
            throw .noCertificate(path: certificate)
        }
        let keyBytes = try bytes(key)
        guard let privateKey = try? NIOSSLPrivateKey(bytes: keyBytes, format: .pem) else { throw .noKey(path: key) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        // A peer that does not answer the end is not waited for; the server's own end has two seconds.
        configuration.shutdownTimeout = .milliseconds(500)
        guard let context = try? NIOSSLContext(configuration: configuration) else {
            throw .unusable(certificate: certificate, key: key)
        }
        return Material(context: context, expires: Int(leaf.notValidAfter))
    }
}
