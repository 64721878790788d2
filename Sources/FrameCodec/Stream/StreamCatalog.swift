public import Handoff
import Synchronization

/// All streams of a renderer: each codec in three sizes, and video at three rates. It makes no frames; `EncoderBank` does.
public final class StreamCatalog: Sendable {
    /// What there is to choose from.
    public struct Options: Sendable {
        /// Pixels of what is drawn.
        public var width: Int
        /// Pixels of what is drawn.
        public var height: Int
        /// Frames a second that are drawn.
        public var framesPerSecond: Int
        /// Video encoders, one ladder a codec, in the order of preference.
        public var ladders: [EncoderLadder]
        /// Between which bounds the bitrate of a video stream moves, bits a second.
        public var bitrates: ClosedRange<Int>

        /// - Parameters:
        ///   - ladders: Those of this build of FFmpeg by default.
        ///   - bitrates: 0.5…12 Mbit/s by default.
        public init(
            width: Int, height: Int, framesPerSecond: Int,
            ladders: [EncoderLadder] = VideoCodec.allCases.map { EncoderLadder($0) },
            bitrates: ClosedRange<Int> = 500_000...12_000_000
        ) {
            self.width = width
            self.height = height
            self.framesPerSecond = framesPerSecond
            self.ladders = ladders
            self.bitrates = bitrates
        }
    }

    /// The smallest picture that encoders take, pixels in each direction.
    private static let smallest = 16

    struct Place: Sendable {
        let stream: EncodedStream
        let mailbox: FrameMailbox
        let pictures: TierPictures
        /// Nil for JPEG.
        let ladder: EncoderLadder?
    }

    /// What can be watched, in the order of preference.
    public let streams: [EncodedStream]
    /// Where the renderer puts its frames.
    public let mailboxes: [FrameMailbox]

    let options: Options
    let places: [Place]
    /// The numbers of the places that are wanted for the first time.
    let starts: AsyncStream<Int>
    let start: AsyncStream<Int>.Continuation

    /// - Parameters:
    ///   - pool: The renderer's.
    public init(pool: FramePool, options: Options) {
        let (starts, start) = AsyncStream<Int>.makeStream()
        let pictures = Dictionary(uniqueKeysWithValues: SizeTier.allCases.map { ($0, TierPictures($0)) })
        var places: [Place] = []
        func add(
            _ codec: String, _ type: MediaType, _ ladder: EncoderLadder?, _ size: SizeTier, _ rate: RateTier,
            width: Int, height: Int, pictures: TierPictures
        ) {
            let n = places.count
            let mailbox = FrameMailbox(pool: pool)
            let hasStarted = Once()
            let stream = EncodedStream(
                id: UInt16(n + 1), codec: codec, type: type, width: width, height: height,
                framesPerSecond: Double(options.framesPerSecond) / Double(rate.rawValue), demand: mailbox.demand
            ) { if hasStarted.isFirst() { start.yield(n) } }
            places.append(Place(stream: stream, mailbox: mailbox, pictures: pictures, ladder: ladder))
        }
        for size in SizeTier.allCases {
            guard let pictures = pictures[size] else { continue }
            let (width, height) = size.size(width: options.width, height: options.height)
            guard size == .full || min(width, height) >= Self.smallest else { continue }
            for ladder in options.ladders where min(width, height) >= Self.smallest {
                for rate in RateTier.allCases {
                    add(
                        ladder.codec.usualName, .video, ladder, size, rate, width: width & ~1, height: height & ~1,
                        pictures: pictures)
                }
            }
            add("jpeg", .jpeg, nil, size, .full, width: width, height: height, pictures: pictures)
        }
        self.options = options
        self.places = places
        self.starts = starts
        self.start = start
        streams = places.map(\.stream)
        mailboxes = places.map(\.mailbox)
    }

    /// The stream of a codec with every frame in full size: what is recorded. Nil where the picture is too small for video.
    public func fullVideo(_ codec: VideoCodec) -> EncodedStream? {
        // Of a codec the largest and fastest comes first.
        places.first { $0.ladder?.codec == codec }?.stream
    }

    /// Frames that were overtaken by a newer one before an encoder came to them, since the start.
    public var replacedCount: UInt64 { mailboxes.reduce(0) { $0 + $1.replacedCount } }
}

/// True once.
private final class Once: Sendable {
    private let flag = Atomic<Bool>(false)

    func isFirst() -> Bool { !flag.exchange(true, ordering: .relaxed) }
}
