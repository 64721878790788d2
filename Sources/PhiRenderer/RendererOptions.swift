/// How a renderer is set up. Fixed while it runs.
public struct RendererOptions: Sendable {
    /// Pixels of the finished picture.
    public var width: Int
    /// Pixels.
    public var height: Int
    /// Frames that the device works on at the same time, 1 … 3; nil for what suits the device: 1 in software, where
    /// rasterising uses every core, else 3, which hides the transfer.
    public var framesInFlight: Int?
    /// Where compiled pipelines are kept between runs; nil to keep none.
    public var cacheDirectory: String?

    /// The sides that a picture can have, pixels.
    public static let sides = 16...16_384

    public init(
        width: Int = 1280, height: Int = 720, framesInFlight: Int? = nil,
        cacheDirectory: String? = nil
    ) {
        self.width = width
        self.height = height
        self.framesInFlight = framesInFlight
        self.cacheDirectory = cacheDirectory
    }
}
