public import Handoff
import Synchronization

/// One stream that viewers can be given: a codec in a size and at a rate. Encoded once, however many watch, and only
/// while somebody does.
///
/// It is what viewers and the publisher share: viewers say what they want and how they fare, and the publisher reads it.
public final class EncodedStream: Sendable {
    /// The number that the stream's frames carry.
    public let id: UInt16
    /// What viewers ask for, such as "jpeg" or "avc1.42E01F".
    public let codec: String
    /// What the stream's frames are.
    public let type: MediaType
    /// Pixels.
    public let width: Int
    /// Pixels.
    public let height: Int
    /// Frames a second, at most.
    public let framesPerSecond: Double
    /// Counts those who want frames now.
    public let demand: Demand

    private let onFirstDemand: @Sendable () -> Void
    private let wantedRates = Mutex<[Double: Int]>([:])
    private let keyWanted = Atomic<Bool>(false)
    private let distribution = Mutex(Distribution())
    private let target = Atomic<Int>(0)
    private let keepers = Atomic<Int>(0)
    private let leftOut = Atomic<UInt64>(0)
    private let givenWay = Mutex<StreamLimit?>(nil)
    private let links = Mutex<[ObjectIdentifier: LinkReport]>([:])
    private let state = Mutex(State())

    private struct State {
        var format: StreamFormat?
        var failure: String?
        /// When an encoder may be tried anew, µs.
        var retryAt: UInt64 = 0
    }

    /// Before encoders that failed are tried again, µs.
    public static let retryInterval: UInt64 = 10_000_000

    /// - Parameters:
    ///   - id: Must be the one that its frames carry.
    ///   - onFirstDemand: Called whenever somebody wants frames and nobody did.
    public init(
        id: UInt16, codec: String, type: MediaType, width: Int, height: Int, framesPerSecond: Double,
        demand: Demand = Demand(), onFirstDemand: @escaping @Sendable () -> Void = {}
    ) {
        self.id = id
        self.codec = codec
        self.type = type
        self.width = width
        self.height = height
        self.framesPerSecond = framesPerSecond
        self.demand = demand
        self.onFirstDemand = onFirstDemand
    }

    /// Whether later frames need earlier ones.
    public var isVideo: Bool { type == .video }

    // MARK: What viewers want

    /// Wants frames, so many a second, until `leave` with the same rate.
    public func join(framesPerSecond: Double) {
        wantedRates.withLock { $0[framesPerSecond, default: 0] += 1 }
        let wasWanted = demand.isWanted
        demand.add()
        if !wasWanted { onFirstDemand() }
    }

    /// Ends one earlier `join`.
    public func leave(framesPerSecond: Double) {
        wantedRates.withLock { rates in
            let left = (rates[framesPerSecond] ?? 0) - 1
            rates[framesPerSecond] = left > 0 ? left : nil
        }
        demand.remove()
    }

    /// The most frames a second that anybody wants; 0 where nobody does.
    public var wantedRate: Double { wantedRates.withLock { $0.keys.max() ?? 0 } }

    /// Asks for a frame with which decoding can begin.
    public func requestKey() { keyWanted.store(true, ordering: .relaxed) }

    /// How a viewer's line fares.
    public func report(_ link: LinkReport, of viewer: ObjectIdentifier) { links.withLock { $0[viewer] = link } }

    /// An event loop has handed a frame to its viewers.
    /// - Parameters:
    ///   - microseconds: What that took.
    ///   - isLate: Whether the frame had to wait: the server has too much to do.
    public func distributed(microseconds: UInt64, isLate: Bool) {
        distribution.withLock { $0.add(microseconds: microseconds, isLate: isLate) }
    }

    /// Somebody keeps or passes on what is encoded: it does not give way to single viewers until `released`.
    func kept() { keepers.add(1, ordering: .relaxed) }

    func released() { keepers.subtract(1, ordering: .relaxed) }

    var isKept: Bool { keepers.load(ordering: .relaxed) > 0 }

    /// Frames that were not encoded since the start, because the server or viewers could not take all.
    var leftOutCount: UInt64 { leftOut.load(ordering: .relaxed) }

    /// Why there are fewer frames than `framesPerSecond`; nil where there are not.
    public var limit: StreamLimit? { givenWay.withLock { $0 } }

    // MARK: What the publisher does

    /// What the stream's frames are at present; nil before the first.
    public var format: StreamFormat? { state.withLock { $0.format } }

    /// Why there are no frames, where none can be made.
    public var failure: String? { state.withLock { $0.failure } }

    /// The failure, until it is time to try again: whoever asks for frames before gets none.
    public var refusal: String? {
        state.withLock { state in MonotonicClock.microseconds < state.retryAt ? state.failure : nil }
    }

    /// What the encoder aims at, bits a second; 0 where it has no such aim.
    public var targetBitrate: Int { target.load(ordering: .relaxed) }

    /// Frames of another format follow.
    public func changed(to format: StreamFormat) {
        state.withLock { state in
            state.format = format
            state.failure = nil
        }
    }

    /// No frames can be made at present.
    /// - Parameters:
    ///   - reason: Why, as a viewer is told.
    ///   - interval: After which somebody may try again, µs.
    public func failed(_ reason: String, retryAfter interval: UInt64 = retryInterval) {
        state.withLock { state in
            state.failure = reason
            state.retryAt = MonotonicClock.microseconds + interval
            state.format = nil
        }
    }

    /// The encoder may be tried anew.
    func recovered() { state.withLock { $0.failure = nil } }

    /// The encoder rests; the next frame will be of a new format.
    func rested() { state.withLock { $0.format = nil } }

    func setTargetBitrate(_ bitsPerSecond: Int) { target.store(bitsPerSecond, ordering: .relaxed) }

    func setLimit(_ limit: StreamLimit?) { givenWay.withLock { $0 = limit } }

    func leftOut(_ frames: Int) { leftOut.add(UInt64(frames), ordering: .relaxed) }

    /// Whether a key frame has been asked for.
    public var isKeyRequested: Bool { keyWanted.load(ordering: .relaxed) }

    /// A key frame follows.
    func keyTaken() { keyWanted.store(false, ordering: .relaxed) }

    /// How frames were handed out since the last call.
    func takeDistribution() -> Distribution {
        distribution.withLock { distribution in
            defer { distribution = Distribution() }
            return distribution
        }
    }

    /// What viewers reported since the last call.
    func takeReports() -> [LinkReport] {
        links.withLock { links in
            defer { links.removeAll(keepingCapacity: true) }
            return Array(links.values)
        }
    }
}

/// How the line to one viewer fares.
public struct LinkReport: Sendable, Equatable {
    /// What the viewer acknowledged, bits a second.
    public var bitsPerSecond: Double
    /// Whether frames waited for it, or were dropped.
    public var isCongested: Bool

    /// How a line fares.
    public init(bitsPerSecond: Double, isCongested: Bool) {
        self.bitsPerSecond = bitsPerSecond
        self.isCongested = isCongested
    }
}
