/// How much happened a second, over the last second.
///
/// Right from the first tenth of a second on: where the first event is younger than a second, its age is what is divided
/// by. Events may be reported some time after they happened.
struct RateMeter: Sendable {
    private static let slotCount = 64
    private static let slot: UInt64 = 1_000_000 / 64
    /// Events that are reported in batches may be this old before the rate begins to fall.
    private static let reportDelay: UInt64 = 250_000

    private var slots: InlineArray<64, Double> = InlineArray(repeating: 0)
    private var newestSlot: UInt64 = 0
    private var first: UInt64 = 0
    private var newest: UInt64 = 0
    private var firstAmount = 0.0

    /// - Parameter time: When it happened, µs.
    mutating func add(_ amount: Double = 1, at time: UInt64) {
        let index = time / Self.slot
        if newest == 0 || time > newest + 1_000_000 {
            slots = InlineArray(repeating: 0)
            newestSlot = index
            first = time
            newest = time
            firstAmount = amount
        } else if index > newestSlot {
            for passed in (newestSlot + 1)...index { slots[Self.place(passed)] = 0 }
            newestSlot = index
        } else if index + UInt64(Self.slotCount) <= newestSlot {
            return
        }
        slots[Self.place(index)] += amount
        newest = max(newest, time)
    }

    /// Amount a second at `now`, µs.
    func rate(at now: UInt64) -> Double {
        guard newest > 0, now < newest + 1_000_000 + Self.reportDelay else { return 0 }
        let end = now > newest + Self.reportDelay ? now : newest
        let endSlot = end / Self.slot
        let begin = endSlot >= UInt64(Self.slotCount) - 1 ? endSlot - UInt64(Self.slotCount) + 1 : 0
        var sum = 0.0
        for index in begin...endSlot where index <= newestSlot && index + UInt64(Self.slotCount) > newestSlot {
            sum += slots[Self.place(index)]
        }
        let beginTime = begin * Self.slot
        if first > beginTime {
            // What came first began the measured span and is not of it.
            let span = end - first
            return span < 50_000 ? 0 : max(0, sum - firstAmount) * 1e6 / Double(span)
        }
        return sum * 1e6 / Double(end - beginTime)
    }

    private static func place(_ index: UInt64) -> Int { Int(index % UInt64(slotCount)) }
}
