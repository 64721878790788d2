/// Why a picture could not be encoded.
public enum CodecError: Error, Equatable, CustomStringConvertible {
    /// A codec refused, with its own words.
    case failed(codec: String, reason: String)
    /// No frame came in time.
    case noFrame
    /// The program is shutting down.
    case ended

    public var description: String {
        switch self {
        case .failed(let codec, let reason): "\(codec) could not encode the picture: \(reason)."
        case .noFrame: "No frame was drawn within two seconds; look at /readyz for what is wrong."
        case .ended: "The server is shutting down."
        }
    }

    /// The codec's own words, without the sentence around them.
    var reason: String {
        switch self {
        case .failed(_, let reason): reason
        case .noFrame, .ended: description
        }
    }
}
