import FrameCodec
import Foundation
import NIOCore

/// Reads what one viewer of simulated streams is sent, and tells the first rule of contract §4.4 that is broken.
struct FeedChecker {
    private struct Place: Equatable {
        var stream: UInt16
        var epoch: UInt32
        var chain: UInt64
    }

    /// What is wrong; nil while nothing is.
    private(set) var broken: String?
    /// The number of the newest picture that could be decoded.
    private(set) var newest: UInt32?
    /// The code that the server closed with.
    private(set) var closeCode: Int?
    private(set) var videoFrames = 0
    private(set) var stills = 0

    private var configured: (stream: Int, epoch: Int)?
    private var newestEpochs: [UInt16: UInt32] = [:]
    private var decoded: Place?
    private var unanswered: [UInt32] = []
    private var isAcknowledging = false
    private var isHidden = false

    /// The viewer answers for a frame and all before it.
    mutating func acknowledges(_ sequence: UInt32) {
        isAcknowledging = isAcknowledging || unanswered.contains(sequence)
        unanswered.removeAll { Int32(bitPattern: $0 &- sequence) <= 0 }
    }

    /// The viewer shows itself or hides; whoever was away has nothing on the way.
    mutating func shows(_ isVisible: Bool) {
        if isHidden, isVisible { unanswered = [] }
        isHidden = !isVisible
    }

    /// The server may forget what a viewer left unanswered for four seconds.
    mutating func wasSilent() { unanswered = [] }

    /// A message with its framing, as the server writes it.
    mutating func read(_ message: ByteBuffer) {
        var message = message
        let opcode = message.readInteger(as: UInt8.self) ?? 0
        var length = message.readInteger(as: UInt8.self).map(Int.init) ?? -1
        if length == 126 { length = message.readInteger(as: UInt16.self).map(Int.init) ?? -1 }
        guard length == message.readableBytes else { return fail("a message of \(length) bytes is not whole") }
        switch opcode {
        case 0x81: read(text: message)
        case 0x82: read(media: message)
        case 0x88: closeCode = message.readInteger(as: UInt16.self).map(Int.init)
        default: fail("opcode \(opcode)")
        }
    }

    private mutating func read(text: ByteBuffer) {
        guard let object = try? JSONSerialization.jsonObject(with: Data(text.readableBytesView)) as? [String: Any],
            let type = object["type"] as? String
        else { return fail("this is not JSON with a type: \(String(buffer: text))") }
        guard type == "config" else { return }
        guard let stream = object["stream"] as? Int, let epoch = object["epoch"] as? Int else {
            return fail("a config without stream or epoch")
        }
        configured = (stream, epoch)
        if let decoded, decoded.stream != stream { self.decoded = nil }
    }

    private mutating func read(media: ByteBuffer) {
        let start = media.readerIndex
        guard let type = media.getInteger(at: start + 2, as: UInt8.self),
            let flags = media.getInteger(at: start + 3, as: UInt8.self),
            let stream = media.getInteger(at: start + 6, as: UInt16.self),
            let epoch = media.getInteger(at: start + 8, as: UInt32.self),
            let sequence = media.getInteger(at: start + 12, as: UInt32.self),
            let chain = media.getInteger(at: start + 48, as: UInt64.self)
        else { return fail("a media message of \(media.readableBytes) bytes") }
        if isHidden { fail("frame \(sequence) is sent to a hidden page") }
        if configured.map({ $0 == (Int(stream), Int(epoch)) }) != true {
            fail("frame \(sequence) of stream \(stream), epoch \(epoch), comes without its config")
        }
        if epoch < newestEpochs[stream, default: 0] { fail("stream \(stream) goes back to epoch \(epoch)") }
        newestEpochs[stream] = epoch
        if isAcknowledging, unanswered.count >= 8 { fail("nine frames are on the way") }
        unanswered.append(sequence)
        guard type == 1 else {
            stills += 1
            newest = sequence
            return
        }
        videoFrames += 1
        let place = Place(stream: stream, epoch: epoch, chain: chain)
        check(place, MediaFlags(rawValue: flags))
        decoded = place
        newest = sequence
    }

    private mutating func check(_ place: Place, _ flags: MediaFlags) {
        let isNext = decoded == Place(stream: place.stream, epoch: place.epoch, chain: place.chain - 1)
        guard flags.contains(.key) else {
            if !isNext { fail("\(place) cannot be decoded after \(decoded.map { "\($0)" } ?? "nothing")") }
            return
        }
        guard let decoded, !isNext else { return }
        if place.chain <= decoded.chain { fail("\(place) follows \(decoded)") }
        if !flags.contains(.discontinuity) { fail("\(place) does not tell of the gap behind \(decoded)") }
    }

    private mutating func fail(_ reason: String) { broken = broken ?? reason }
}
