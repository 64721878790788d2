import NIOCore
import Synchronization

/// Hands items from any thread to members that live on event loops: one hop a loop and item, however many members the
/// loop has. A loop that is late gets the newest item in place of those it missed.
final class LoopFanout<Member, Item: Sendable>: Sendable {
    /// Items that wait for a loop at most. A loop that far behind has lost what waits.
    private static var mostPending: Int { 32 }

    private let shards = Mutex<[Shard]>([])
    private let replaces: @Sendable (_ new: Item, _ old: Item) -> Bool
    private let deliver: @Sendable ([Member], Item) -> Void
    private let missed: @Sendable (_ members: Int) -> Void

    /// - Parameters:
    ///   - replaces: Whether a new item makes an older one that still waits for its loop worthless.
    ///   - missed: Told of items that were replaced before a loop came to them.
    ///   - deliver: Hands an item to the members of a loop, on that loop.
    init(
        replaces: @escaping @Sendable (_ new: Item, _ old: Item) -> Bool,
        missed: @escaping @Sendable (_ members: Int) -> Void,
        deliver: @escaping @Sendable ([Member], Item) -> Void
    ) {
        self.replaces = replaces
        self.missed = missed
        self.deliver = deliver
    }

    /// How many members there are on all loops.
    var memberCount: Int { shards.withLock { $0 }.reduce(0) { $0 + $1.count.load(ordering: .relaxed) } }

    /// Adds a member that lives on `loop`. On that loop.
    func join(_ member: Member, id: ObjectIdentifier, on loop: any EventLoop) {
        shard(of: loop).join(member, id: id)
    }

    /// Removes a member. On its loop.
    func leave(id: ObjectIdentifier, on loop: any EventLoop) {
        shard(of: loop).leave(id: id)
    }

    /// Hands an item to all members.
    func post(_ item: Item) {
        for shard in shards.withLock({ $0 }) {
            let count = shard.count.load(ordering: .relaxed)
            guard count > 0 else { continue }
            let (isFirst, lost) = shard.pending.withLock { pending -> (Bool, Int) in
                if let old = pending.firstIndex(where: { replaces(item, $0) }) {
                    pending[old] = item
                    return (false, 1)
                }
                let lost = pending.count >= Self.mostPending ? pending.count : 0
                if lost > 0 { pending.removeAll(keepingCapacity: true) }
                pending.append(item)
                return (pending.count == 1 && lost == 0, lost)
            }
            if lost > 0 { missed(count * lost) }
            if isFirst { shard.loop.execute { [deliver] in shard.drain(deliver) } }
        }
    }

    /// Calls `body` with every member, on its loop.
    func forEach(_ body: @escaping @Sendable (Member) -> Void) {
        for shard in shards.withLock({ $0 }) {
            shard.loop.execute { for member in shard.membersOnLoop { body(member) } }
        }
    }

    /// Calls `body` with every member, on its loop, a few at a time within three quarters of a second: items come first.
    func forEachByAndBy(_ body: @escaping @Sendable (Member) -> Void) {
        for shard in shards.withLock({ $0 }) {
            shard.loop.execute { shard.visit(shard.membersOnLoop[...], atATime: max(32, shard.memberCount / 25), body) }
        }
    }

    private func shard(of loop: any EventLoop) -> Shard {
        loop.preconditionInEventLoop()
        return shards.withLock { shards in
            if let known = shards.first(where: { $0.loop === loop }) { return known }
            let new = Shard(loop: loop)
            shards.append(new)
            return new
        }
    }

    /// The members of one loop.
    private final class Shard: Sendable {
        let loop: any EventLoop
        let count = Atomic<Int>(0)
        let pending = Mutex<[Item]>([])
        private let members: NIOLoopBoundBox<[ObjectIdentifier: Member]>

        init(loop: any EventLoop) {
            self.loop = loop
            members = NIOLoopBoundBox([:], eventLoop: loop)
        }

        var membersOnLoop: [Member] { Array(members.value.values) }
        var memberCount: Int { count.load(ordering: .relaxed) }

        /// On the loop.
        func visit(_ waiting: ArraySlice<Member>, atATime count: Int, _ body: @escaping @Sendable (Member) -> Void) {
            for member in waiting.prefix(count) { body(member) }
            guard waiting.count > count else { return }
            let rest = NIOLoopBound(waiting.dropFirst(count), eventLoop: loop)
            loop.scheduleTask(in: .milliseconds(30)) { self.visit(rest.value, atATime: count, body) }
        }

        func join(_ member: Member, id: ObjectIdentifier) {
            members.value[id] = member
            count.store(members.value.count, ordering: .relaxed)
        }

        func leave(id: ObjectIdentifier) {
            members.value[id] = nil
            count.store(members.value.count, ordering: .relaxed)
        }

        func drain(_ deliver: ([Member], Item) -> Void) {
            let items = pending.withLock { pending in
                defer { pending.removeAll(keepingCapacity: true) }
                return pending
            }
            let members = membersOnLoop
            for item in items { deliver(members, item) }
        }
    }
}
