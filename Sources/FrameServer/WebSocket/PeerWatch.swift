import NIOCore

/// Counts what a peer sends in each second.
struct MessageRate {
    private var second = NIODeadline.distantPast
    private var count = 0

    mutating func allows(_ limit: Int, now: NIODeadline) -> Bool {
        if now - second >= .seconds(1) {
            second = now
            count = 0
        }
        count += 1
        return count <= limit
    }
}

/// Notices a peer that reads nothing: the socket takes no more, and what waits for it does not get less.
struct StallWatch {
    private var lowest = 0
    private var since: NIODeadline?

    mutating func isStalled(writable: Bool, pending: Int, limit: TimeAmount, now: NIODeadline) -> Bool {
        guard !writable else {
            since = nil
            return false
        }
        guard let began = since, pending >= lowest else {
            lowest = pending
            since = now
            return false
        }
        return now - began >= limit
    }
}
