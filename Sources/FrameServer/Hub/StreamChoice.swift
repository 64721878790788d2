import FrameCodec

/// What a viewer wants to watch.
struct StreamWish: Sendable, Equatable {
    /// In the order of preference.
    var codecs: [String]
    /// Frames a second at most; nil for all.
    var framesPerSecond: Double?
    /// Pixels at most; nil for any width.
    var width: Int?
}

/// The stream that a viewer is given, and what has to be said of it.
struct StreamChoice {
    /// How many of the codecs that a viewer names are looked at.
    static let mostCodecs = 16

    /// A little more than asked for is better than half of it.
    private static let tolerance = 1.05

    let stream: EncodedStream
    /// What the viewer wanted and does not get.
    let notes: [String]

    /// The first codec of the wish that is served; of its streams the largest that is not too wide, and the fastest that
    /// is not too fast. Nil where no codec is served.
    init?(_ wish: StreamWish, of streams: [EncodedStream]) {
        var notes: [String] = []
        for codec in wish.codecs.prefix(Self.mostCodecs) {
            let known = streams.filter { $0.serves(codec) }
            guard let best = Self.best(known, wish) else { continue }
            if let refusal = best.refusal {
                notes.append(refusal)
                continue
            }
            if best.isVideo, let rate = wish.framesPerSecond, best.framesPerSecond > rate * Self.tolerance {
                let note =
                    "no video is as slow as \(Self.text(rate)) frames a second, the slowest has "
                    + Self.text(best.framesPerSecond)
                if !notes.contains(note) { notes.append(note) }
                // Stills come at any rate.
                if Self.wantsStills(wish), streams.contains(where: { $0.type == .jpeg }) { continue }
            }
            if let width = wish.width, best.width > width {
                notes.append("no stream is as small as \(width) pixels, the smallest is \(best.width) wide")
            }
            stream = best
            self.notes = notes
            return
        }
        return nil
    }

    private static func wantsStills(_ wish: StreamWish) -> Bool {
        wish.codecs.prefix(mostCodecs).contains { $0.lowercased() == "jpeg" }
    }

    private static func text(_ rate: Double) -> String { Int(exactly: rate).map(String.init) ?? "\(rate)" }

    private static func best(_ streams: [EncodedStream], _ wish: StreamWish) -> EncodedStream? {
        let widest = wish.width ?? .max, fastest = wish.framesPerSecond ?? .infinity
        let widths = streams.map(\.width)
        guard let width = widths.filter({ $0 <= widest }).max() ?? widths.min() else { return nil }
        let sized = streams.filter { $0.width == width }
        // Stills are thinned for each viewer by themselves.
        return sized.filter { $0.framesPerSecond <= fastest * Self.tolerance }.max {
            $0.framesPerSecond < $1.framesPerSecond
        }
            ?? sized.min { $0.framesPerSecond < $1.framesPerSecond }
    }
}

extension EncodedStream {
    /// Whether a viewer that asked for `codec` can be given this stream. Profiles and levels come after the point.
    func serves(_ codec: String) -> Bool {
        let (asked, mine) = (Self.family(codec), Self.family(self.codec))
        guard !asked.isEmpty else { return false }
        if asked.elementsEqual(mine, by: { Self.lowercased($0) == Self.lowercased($1) }) { return true }
        return Self.everydayNames.contains { name, family in
            asked.elementsEqual(name, by: { Self.lowercased($0) == $1 }) && mine.elementsEqual(family)
        }
    }

    /// What people call the codecs.
    private static let everydayNames = [("h264".utf8, "avc1".utf8), ("vp9".utf8, "vp09".utf8)]

    /// Lazy and in place: viewers name codecs as often and at such length as they like.
    private static func family(_ codec: String) -> LazyPrefixWhileCollection<String.UTF8View> {
        codec.utf8.lazy.prefix { $0 != UInt8(ascii: ".") }
    }

    private static func lowercased(_ letter: UInt8) -> UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= letter ? letter | 0x20 : letter
    }
}
