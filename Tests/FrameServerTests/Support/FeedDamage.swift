import NIOCore

/// What a server with a fault would send in place of what it sends.
enum FeedDamage: CaseIterable {
    case losesFrames, losesConfigs, hidesGaps, repeatsFrames, changesEpochs, overfillsWindow

    /// The messages in place of a message with its framing.
    func done(to message: ByteBuffer) -> [ByteBuffer] {
        let start = message.readerIndex
        let isMedia = message.getInteger(at: start, as: UInt8.self) == 0x82
        // Simulated frames are shorter than 126 bytes: two bytes of framing, then the header.
        let header = start + 2
        let isDelta = isMedia && message.getInteger(at: header + 2, as: UInt16.self) == 0x0100
        var changed = message
        switch self {
        case .losesFrames: return isDelta && message.getInteger(at: header + 15, as: UInt8.self) == 7 ? [] : [message]
        case .losesConfigs: return String(buffer: message).contains(#""config""#) ? [] : [message]
        case .hidesGaps:
            guard isMedia, let flags = message.getInteger(at: header + 3, as: UInt8.self) else { return [message] }
            changed.setInteger(flags & ~2, at: header + 3)
            return [changed]
        case .repeatsFrames: return isDelta ? [message, message] : [message]
        case .changesEpochs:
            if isDelta { changed.setInteger(UInt32(0), at: header + 8) }
            return [changed]
        case .overfillsWindow:
            // Stills can be repeated without harm to what follows, but not without regard to the window.
            let isStill = isMedia && message.getInteger(at: header + 2, as: UInt8.self) == 2
            return isStill ? Array(repeating: message, count: 9) : [message]
        }
    }
}
