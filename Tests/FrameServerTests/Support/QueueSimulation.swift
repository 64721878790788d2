import Fuzz

@testable import FrameServer

/// A queue of video to one viewer: the real one, or one with a fault.
protocol FrameQueue {
    /// Whether a key frame has to be asked for.
    var needsKey: Bool { get }
    mutating func take(_ frame: SimulatedFrame, isOpen: Bool, now: UInt64)
    mutating func next() -> (frame: SimulatedFrame, isAfterGap: Bool)?
    mutating func interrupt()
}

struct SimulatedFrame: ChainedFrame {
    var chain: UInt64
    var isKey: Bool
    var publishedAt: UInt64
    var epoch: UInt32
}

extension VideoQueue<SimulatedFrame>: FrameQueue {
    mutating func take(_ frame: SimulatedFrame, isOpen: Bool, now: UInt64) {
        _ = offer(frame, isOpen: isOpen, now: now)
    }
}

/// An encoder, a queue and a viewer who reads by fits and starts, with random events in a random order; and the rules
/// that hold whatever happens.
struct QueueSimulation<Queue: FrameQueue> {
    private var queue: Queue
    private var random: SeededGenerator
    private var now: UInt64 = 10_000_000

    // The encoder.
    private var chain: UInt64 = 0
    private var epoch: UInt32 = 1
    private var keyAt: UInt64 = 0
    private var isKeyWanted = true

    // The viewer.
    private var isOpen = true
    private var newest: SimulatedFrame?
    private var keyAskedAt: UInt64 = 0
    private(set) var sent = 0

    init(_ queue: Queue, seed: UInt64) {
        self.queue = queue
        random = SeededGenerator(seed: seed)
    }

    /// The first rule that was broken, in words; nil where none was.
    mutating func run(steps: Int) -> String? {
        for _ in 0..<steps {
            if let broken = step() { return broken }
        }
        return recovers()
    }

    private mutating func step() -> String? {
        now += UInt64.random(in: 1_000...40_000, using: &random)
        switch Int.random(in: 0..<100, using: &random) {
        case ..<4: chain += UInt64.random(in: 1...5, using: &random)  // lost on the way to the queue
        case ..<6: (epoch, isKeyWanted) = (epoch + 1, true)  // another size
        case ..<8: now += 400_000  // nothing is drawn for a while
        case ..<10:  // the viewer looks away
            queue.interrupt()
            keyAskedAt = 0
        case ..<12: isKeyWanted = true  // somebody else needs a key frame
        case ..<24: isOpen = random.chance(70)
        default: break
        }
        return publish() ?? drain(most: random.chance(50) ? .max : 1)
    }

    /// The encoder's next frame, as it would be: a key frame where one is wanted, half a second after the last at most.
    private mutating func publish() -> String? {
        chain += 1
        let isKey = newestEpoch != epoch || isKeyWanted && now >= keyAt + 500_000
        if isKey { (isKeyWanted, keyAt, newestEpoch) = (false, now, epoch) }
        queue.take(
            SimulatedFrame(chain: chain, isKey: isKey, publishedAt: now, epoch: epoch), isOpen: isOpen, now: now)
        if let broken = overfull() { return broken }
        if queue.needsKey, isOpen, keyAskedAt == 0 || now >= keyAskedAt + 1_000_000 {
            (keyAskedAt, isKeyWanted) = (now, true)
        }
        return nil
    }

    private var newestEpoch: UInt32 = 0

    private func overfull() -> String? {
        var copy = queue
        var count = 0
        var oldest = now
        while let (frame, _) = copy.next(), count < 100 {
            count += 1
            oldest = min(oldest, frame.publishedAt)
        }
        if count > VideoQueue<SimulatedFrame>.mostFrames { return "\(count) frames wait" }
        // One that waits is old where nothing came in its time; behind it nothing may come.
        if count > 1, now - oldest > VideoQueue<SimulatedFrame>.longestWait {
            return "a frame waits \(now - oldest) µs"
        }
        return nil
    }

    private mutating func drain(most: Int) -> String? {
        var count = 0
        while isOpen, count < most, let (frame, isAfterGap) = queue.next() {
            if let broken = check(frame, isAfterGap) { return broken }
            newest = frame
            sent += 1
            count += 1
        }
        return nil
    }

    private func check(_ frame: SimulatedFrame, _ isAfterGap: Bool) -> String? {
        guard let newest else { return frame.isKey ? nil : "a stream begins without a key frame" }
        if frame.chain <= newest.chain { return "frame \(frame.chain) follows \(newest.chain)" }
        if frame.epoch < newest.epoch { return "epoch \(frame.epoch) follows \(newest.epoch)" }
        let isNext = frame.chain == newest.chain + 1
        if !frame.isKey, !isNext { return "frame \(frame.chain) needs the one before it, and follows \(newest.chain)" }
        if !frame.isKey, frame.epoch != newest.epoch { return "epoch \(frame.epoch) begins without a key frame" }
        if !isNext, !isAfterGap { return "frame \(frame.chain) does not tell that some are missing before it" }
        return nil
    }

    /// A viewer who reads everything from now on has the newest picture within two seconds: one until it may ask again,
    /// half of one until the encoder may answer.
    private mutating func recovers() -> String? {
        isOpen = true
        let limit = now + 2_000_000
        while now < limit {
            now += 16_667
            if let broken = publish() ?? drain(most: .max) { return broken }
        }
        return newest?.chain == chain ? nil : "the viewer has frame \(newest?.chain ?? 0) of \(chain)"
    }
}

/// A queue that is wrong in one way.
struct FaultyQueue: FrameQueue {
    enum Fault: CaseIterable {
        case dropsNothing, goesOnAfterOverflow, overlooksGaps, hidesGaps, asksForNoKey, newestFirst, beginsAnywhere
    }

    let fault: Fault
    private var sound = VideoQueue<SimulatedFrame>()
    private var waiting: [(frame: SimulatedFrame, isAfterGap: Bool)] = []
    private var newest: UInt64?

    init(_ fault: Fault) { self.fault = fault }

    var needsKey: Bool { fault != .asksForNoKey && sound.needsKey }

    mutating func take(_ frame: SimulatedFrame, isOpen: Bool, now: UInt64) {
        _ = sound.offer(frame, isOpen: isOpen, now: now)
        let isGap = newest.map { frame.chain != $0 + 1 } ?? false
        switch fault {
        case .dropsNothing:
            guard frame.isKey || newest != nil && !isGap else { return }
        case .goesOnAfterOverflow:
            guard frame.isKey || newest != nil && !isGap else { return }
            if waiting.count >= VideoQueue<SimulatedFrame>.mostFrames { waiting = [] }
        case .overlooksGaps, .beginsAnywhere:
            guard frame.isKey || newest != nil || fault == .beginsAnywhere else { return }
            waiting.removeAll { now - $0.frame.publishedAt > VideoQueue<SimulatedFrame>.longestWait }
            if waiting.count >= VideoQueue<SimulatedFrame>.mostFrames { waiting = [] }
        case .hidesGaps, .asksForNoKey, .newestFirst:
            return
        }
        newest = frame.chain
        waiting.append((frame, isGap))
    }

    mutating func next() -> (frame: SimulatedFrame, isAfterGap: Bool)? {
        switch fault {
        case .hidesGaps: return sound.next().map { ($0.frame, false) }
        case .asksForNoKey: return sound.next()
        case .newestFirst:
            while let next = sound.next() { waiting.append(next) }
            return waiting.popLast()
        default: return waiting.isEmpty ? nil : waiting.removeFirst()
        }
    }

    mutating func interrupt() {
        sound.interrupt()
        waiting = []
        newest = nil
    }
}
