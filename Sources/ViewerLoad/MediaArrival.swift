/// What the header of a media message tells (contract §4.4).
public struct MediaArrival: Sendable, Equatable {
    public let sequence: UInt32
    public let isVideo: Bool
    public let isKey: Bool
    /// µs of the server's monotonic clock when rendering began.
    public let presentationTime: UInt64
    /// µs from there until the frame was encoded, as far as the server's stages tell.
    public let workMicroseconds: UInt64
    /// Bytes with the header.
    public let length: Int

    /// Nil where it is none.
    public init?(header: ArraySlice<UInt8>, length: Int) {
        guard header.count >= 48, header.first == 0x56 else { return nil }
        func integer(_ offset: Int, _ count: Int) -> UInt64 {
            header[(header.startIndex + offset)..<(header.startIndex + offset + count)].reduce(0) {
                $0 << 8 | UInt64($1)
            }
        }
        sequence = UInt32(integer(12, 4))
        isVideo = integer(2, 1) == 1
        isKey = integer(3, 1) & 1 != 0
        presentationTime = integer(16, 8)
        workMicroseconds = integer(24, 4) + integer(28, 4) + integer(32, 4)
        self.length = length
    }
}
