/// Why a certificate cannot be used. The description is a sentence for the person who gave it.
public enum CertificateError: Error, Equatable, CustomStringConvertible {
    /// A file cannot be read.
    case unreadable(path: String)
    /// The file holds no certificate in PEM.
    case noCertificate(path: String)
    /// The file holds no key in PEM, or one with a passphrase.
    case noKey(path: String)
    /// The key is not that of the certificate, or both are of a kind that cannot be used.
    case unusable(certificate: String, key: String)

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .unreadable(let path):
            "\(path) cannot be read; mend its permissions, or give other files with SOUNDLAB_TLS_CERT and SOUNDLAB_TLS_KEY."
        case .noCertificate(let path):
            "\(path) holds no certificate; SOUNDLAB_TLS_CERT names a PEM file with the server's certificate first."
        case .noKey(let path):
            "\(path) holds no key that can be read; SOUNDLAB_TLS_KEY names a PEM file with a key that has no passphrase."
        case .unusable(let certificate, let key):
            "The key \(key) does not belong to the certificate \(certificate); give two files that were made together."
        }
    }
}
