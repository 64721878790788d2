import CEpoll
import Glibc
import Handoff
import Synchronization

/// Many viewers on one thread, over epoll.
public final class ViewerSwarm: Sendable {
    /// How the viewers are getting on.
    public struct Progress: Sendable {
        /// Have seen a frame.
        public var watching = 0
        /// Are over, by why.
        public var ended: [String: Int] = [:]
        /// What the server named in `config`, by how many viewers.
        public var configs: [String: Int] = [:]
        public var tally = LoadTally()
    }

    /// At most so many are connecting at the same time: a server's backlog is finite.
    private static let mostConnecting = 32
    /// How often orders are looked at, ms.
    private static let patience: Int32 = 50

    private let plan: LoadPlan
    private let wanted = Atomic<Int>(0)
    private let isStopping = Atomic<Bool>(false)
    private let order = Mutex<(isOver: Bool, answer: CheckedContinuation<Progress, Never>?)>((false, nil))

    public init(_ plan: LoadPlan) { self.plan = plan }

    /// Lets the number of viewers grow to `count`.
    public func grow(to count: Int) { wanted.store(min(count, plan.viewers), ordering: .relaxed) }

    /// What there is, and empties the tally; nothing once `run` is over. By one caller at a time.
    public func collect() async -> Progress {
        await withCheckedContinuation { continuation in
            let isOver = order.withLock { order in
                if !order.isOver { order.answer = continuation }
                return order.isOver
            }
            if isOver { continuation.resume(returning: Progress()) }
        }
    }

    /// Ends `run`.
    public func stop() { isStopping.store(true, ordering: .relaxed) }

    /// Keeps the viewers watching until `stop`. Takes its thread wholly.
    /// - Throws: `LoadError`.
    public func run() throws {
        defer { order.withLock { $0.isOver = true } }
        let address = try ServerAddress(host: plan.host, port: plan.port)
        let queue = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard queue >= 0 else { throw LoadError.system("no event queue", errno) }
        var crowd = Crowd(queue: queue, plan: plan, address: address)
        defer {
            crowd.leave()
            close(queue)
            order.withLock { order in
                order.isOver = true
                order.answer?.resume(returning: crowd.progress)
                order.answer = nil
            }
        }
        while !isStopping.load(ordering: .relaxed) {
            try crowd.grow(to: wanted.load(ordering: .relaxed), atOnce: Self.mostConnecting)
            try crowd.serve(wait: Self.patience)
            order.withLock { order in
                guard let answer = order.answer else { return }
                answer.resume(returning: crowd.progress)
                order.answer = nil
                crowd.startTally()
            }
        }
    }
}

/// The viewers of a swarm, on its thread.
private struct Crowd {
    private let queue: Int32
    private let plan: LoadPlan
    private let address: ServerAddress
    private var viewers: [LoadViewer?] = []
    private var connecting = 0
    private var ended: [String: Int] = [:]
    private var tally = LoadTally()
    private var events = [epoll_event](repeating: epoll_event(), count: 256)
    private var scratch = [UInt8](repeating: 0, count: 256 * 1_024)

    init(queue: Int32, plan: LoadPlan, address: ServerAddress) {
        self.queue = queue
        self.plan = plan
        self.address = address
    }

    var progress: ViewerSwarm.Progress {
        var progress = ViewerSwarm.Progress()
        progress.ended = ended
        progress.tally = tally
        progress.tally.framesPerViewer = viewers.compactMap { $0?.frames }
        for case let viewer? in viewers {
            guard let config = viewer.config else { continue }
            progress.watching += 1
            progress.configs[config, default: 0] += 1
        }
        return progress
    }

    mutating func startTally() {
        tally = LoadTally()
        for viewer in viewers { viewer?.frames = 0 }
    }

    mutating func grow(to count: Int, atOnce: Int) throws {
        while viewers.count < count, connecting < atOnce {
            let viewer = LoadViewer(try address.connect(), plan: plan)
            var event = epoll_event()
            event.events = EPOLLIN.rawValue | EPOLLOUT.rawValue
            event.data.u64 = UInt64(viewers.count)
            guard epoll_ctl(queue, EPOLL_CTL_ADD, viewer.descriptor, &event) == 0 else {
                throw LoadError.system("a socket cannot be watched", errno)
            }
            viewers.append(viewer)
            connecting += 1
        }
    }

    mutating func serve(wait milliseconds: Int32) throws {
        let count = epoll_wait(queue, &events, Int32(events.count), milliseconds)
        guard count >= 0 else {
            if errno == EINTR { return }
            throw LoadError.system("the event queue broke", errno)
        }
        for event in events.prefix(Int(count)) {
            let index = Int(event.data.u64)
            guard let viewer = viewers[index] else { continue }
            let before = viewer.state
            let wanted = viewer.wantsToWrite
            if event.events & EPOLLOUT.rawValue != 0 { viewer.becameWritable() }
            if event.events & (EPOLLIN.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 {
                scratch.withUnsafeMutableBytes { viewer.becameReadable($0, &tally) }
            }
            let isSettled = viewer.state == .watching
            if before == .connecting || before == .upgrading, isSettled { connecting -= 1 }
            if case .ended(let reason) = viewer.state {
                if before != .watching { connecting -= 1 }
                ended[reason, default: 0] += 1
                viewers[index] = nil
            } else if wanted != viewer.wantsToWrite {
                var change = epoll_event()
                change.events = EPOLLIN.rawValue | (viewer.wantsToWrite ? EPOLLOUT.rawValue : 0)
                change.data.u64 = UInt64(index)
                epoll_ctl(queue, EPOLL_CTL_MOD, viewer.descriptor, &change)
            }
        }
    }

    func leave() { for viewer in viewers { viewer?.leave() } }
}
