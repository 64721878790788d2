import NIOCore

/// Does what a client asks for and takes a while, one after the other: answers come in the order of the questions. Lives on
/// the event loop of the client's connection.
final class CommandQueue {
    /// Commands that wait at most.
    private static let most = 16

    private let loop: any EventLoop
    private var waiting: [Entry] = []
    private var isBusy = false
    private var isOver = false

    private struct Entry {
        let work: @Sendable () async -> ByteBuffer?
        let answer: (ByteBuffer) -> Void
    }

    init(on loop: any EventLoop) { self.loop = loop }

    /// Does something after what was asked for before; false where too much waits.
    /// - Parameters:
    ///   - work: Returns the framed answer.
    ///   - answer: Takes the answer, on the loop.
    func add(_ work: @escaping @Sendable () async -> ByteBuffer?, answer: @escaping (ByteBuffer) -> Void) -> Bool {
        guard waiting.count < Self.most else { return false }
        waiting.append(Entry(work: work, answer: answer))
        next()
        return true
    }

    /// Forgets what has not begun.
    func end() {
        isOver = true
        waiting = []
    }

    private func next() {
        guard !isBusy, !isOver, !waiting.isEmpty else { return }
        isBusy = true
        let entry = waiting.removeFirst()
        let (work, bound) = (entry.work, NIOLoopBound((self, entry.answer), eventLoop: loop))
        let loop = loop
        Task {
            let framed = await work()
            loop.execute {
                let (queue, answer) = bound.value
                queue.isBusy = false
                if let framed, !queue.isOver { answer(framed) }
                queue.next()
            }
        }
    }
}
