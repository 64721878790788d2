import CFFmpeg

/// What a video says of its colours. BT.709 in limited range is what is written here.
public struct ColorTags: Sendable, Equatable {
    /// The weights of red and blue in luma.
    struct Matrix: Sendable, Equatable {
        let red: Float
        let blue: Float

        /// ITU-R BT.709-6, §3.
        static let bt709 = Matrix(red: 0.2126, blue: 0.0722)
        /// ITU-R BT.601-7, §2.5.1.
        static let bt601 = Matrix(red: 0.299, blue: 0.114)
    }

    /// By the names of FFmpeg: "bt709", or "unknown" where nothing is said.
    public let matrix: String
    /// "tv" (limited: luma 16…235), "pc" (full), or "unknown".
    public let range: String
    /// "bt709", or "unknown".
    public let primaries: String
    /// "bt709", or "unknown".
    public let transfer: String

    /// How the planes become RGB: as the tags say; BT.709 in limited range where they say nothing.
    let coefficients: Matrix
    let isFull: Bool
    /// Whether a sample of colour lies between two columns of pixels, else on the left one.
    let isChromaCentered: Bool

    /// - Parameter container: What the file says of the matrix where the stream cannot; nil where the stream's word counts.
    init(_ frame: UnsafePointer<AVFrame>, container: AVColorSpace?) {
        let (space, range) = (container ?? frame.pointee.colorspace, frame.pointee.color_range)
        matrix = Self.text(av_color_space_name(space))
        self.range = Self.text(av_color_range_name(range))
        primaries = Self.text(av_color_primaries_name(frame.pointee.color_primaries))
        transfer = Self.text(av_color_transfer_name(frame.pointee.color_trc))
        coefficients = space == AVCOL_SPC_BT470BG || space == AVCOL_SPC_SMPTE170M ? .bt601 : .bt709
        isFull = range == AVCOL_RANGE_JPEG
        // MPEG-4 files say so; others mean it: what is written here lies between.
        isChromaCentered = frame.pointee.chroma_location != AVCHROMA_LOC_LEFT
    }

    private static func text(_ name: UnsafePointer<CChar>?) -> String { name.map { String(cString: $0) } ?? "unknown" }

    /// What is wrong with them, each as the end of a sentence; empty where they are those of BT.709 in limited range.
    public var complaints: [String] {
        [
            ("matrix", matrix, "bt709"), ("range", range, "tv"), ("primaries", primaries, "bt709"),
            ("transfer", transfer, "bt709"),
        ].compactMap { name, value, wanted in
            switch value {
            case wanted: nil
            case "unknown": "it does not say its colour \(name), which is to be \(wanted)"
            default: "its colour \(name) is \(value) and not \(wanted)"
            }
        }
    }
}
