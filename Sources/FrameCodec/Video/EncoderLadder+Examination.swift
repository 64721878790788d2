extension EncoderLadder {
    /// One encoder, and whether it works here.
    public struct Examined: Sendable {
        /// Such as "libx264".
        public let name: String
        /// Why it does not; nil where it does.
        public let reason: String?
    }

    /// Opens each encoder and lets it encode a gray picture.
    /// - Parameter settings: What it is opened with.
    public func examine(_ settings: VideoSettings) -> [Examined] {
        rungs.map { rung in
            do throws(CodecError) {
                let encoder = try rung.open(settings)
                let picture = try PlanarPicture(width: settings.width, height: settings.height)
                let gray = [UInt8](repeating: 128, count: settings.width * settings.height * 4)
                gray.withUnsafeBytes { picture.convert(rgba: $0, bytesPerRow: settings.width * 4) }
                let packets =
                    try encoder.encode(picture, index: 0, isKeyWanted: true)
                    + encoder.encode(nil, index: 1, isKeyWanted: false)
                let isKey = packets.first?.isKey ?? false
                return Examined(name: rung.name, reason: isKey ? nil : "it gave no key frame for a test picture")
            } catch {
                return Examined(name: rung.name, reason: error.reason)
            }
        }
    }
}
