/// Opens the best encoder of a codec that this machine has: hardware before software, and the reason where it is not the
/// first.
public struct EncoderLadder: Sendable {
    /// An encoder that runs.
    public struct Opened {
        /// What encodes.
        public let encoder: any VideoEncoder
        /// Why it is this one and none before it; nil where it is the first.
        public let reason: String?
    }

    /// One way to come to an encoder.
    public struct Rung: Sendable {
        /// The encoder's name, such as "libx264".
        public let name: String
        /// Opens it.
        public let open: @Sendable (VideoSettings) throws(CodecError) -> any VideoEncoder

        /// - Parameters:
        ///   - name: The encoder's name.
        ///   - open: Opens it; throws the reason where it cannot be had.
        public init(
            name: String, open: @escaping @Sendable (VideoSettings) throws(CodecError) -> any VideoEncoder
        ) {
            self.name = name
            self.open = open
        }
    }

    /// What is encoded to.
    public let codec: VideoCodec
    let rungs: [Rung]

    /// The encoders of libavcodec.
    public init(_ codec: VideoCodec) {
        self.init(
            codec,
            rungs: EncoderRecipe.of(codec).map { recipe in
                Rung(name: recipe.name) { (settings) throws(CodecError) in try LibAVEncoder(recipe, settings) }
            })
    }

    /// - Parameter rungs: In the order in which they are tried.
    public init(_ codec: VideoCodec, rungs: [Rung]) {
        self.codec = codec
        self.rungs = rungs
    }

    /// Opens the first encoder that can be had.
    /// - Parameter avoided: Encoders that failed while they ran, and are tried last.
    /// - Throws: `CodecError.failed` with the reasons of all where none can be had.
    public func open(_ settings: VideoSettings, avoiding avoided: Set<String> = []) throws(CodecError) -> Opened {
        var reasons: [String] = []
        let ordered = rungs.filter { !avoided.contains($0.name) } + rungs.filter { avoided.contains($0.name) }
        for rung in rungs where avoided.contains(rung.name) { reasons.append("\(rung.name) failed while it ran") }
        for rung in ordered {
            do {
                let encoder = try rung.open(settings)
                return Opened(encoder: encoder, reason: reasons.isEmpty ? nil : reasons.joined(separator: "; "))
            } catch {
                reasons.append("\(rung.name): \(error.reason)")
            }
        }
        throw .failed(codec: codec.displayName, reason: reasons.joined(separator: "; "))
    }
}
