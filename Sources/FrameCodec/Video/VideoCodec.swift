/// The video codecs that viewers can be given.
public enum VideoCodec: String, Sendable, CaseIterable {
    case h264
    case vp9
    case vp8

    /// What viewers ask for before an encoder runs: the codec string of RFC 6381, of a usual profile and level.
    public var usualName: String {
        switch self {
        case .h264: "avc1.42E01F"
        case .vp9: "vp09.00.40.08"
        case .vp8: "vp8"
        }
    }

    /// For people.
    public var displayName: String {
        switch self {
        case .h264: "H.264"
        case .vp9: "VP9"
        case .vp8: "VP8"
        }
    }

    /// The codec string of RFC 6381 of a stream, read from a key frame where the codec tells it there.
    func name(keyFrame: UnsafeRawBufferPointer) -> String {
        switch self {
        case .h264: AnnexB.codecName(keyFrame) ?? usualName
        // Profile 0, level 4.0, 8 bits, 4:2:0, BT.709, limited range.
        case .vp9: "vp09.00.40.08.01.01.01.01.00"
        case .vp8: usualName
        }
    }
}

/// The byte stream format of H.264 (ITU-T H.264, Annex B).
enum AnnexB {
    /// "avc1." with profile, constraints and level of the first sequence parameter set.
    static func codecName(_ bytes: UnsafeRawBufferPointer) -> String? {
        let head = bytes.prefix(256)
        var n = head.startIndex
        while n + 6 < head.endIndex {
            guard head[n] == 0, head[n + 1] == 0, head[n + 2] == 1 else {
                n += 1
                continue
            }
            if head[n + 3] & 0x1F == 7 {
                return "avc1."
                    + head[(n + 4)...(n + 6)].map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }
                    .joined()
            }
            n += 3
        }
        return nil
    }
}
