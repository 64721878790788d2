extension AnnexB {
    /// The sequence and picture parameter sets of a key frame, each behind its start code: what containers keep apart.
    /// Empty where there are none.
    static func parameterSets(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var sets: [UInt8] = []
        var start = nextUnit(bytes, from: 0)
        while let unit = start, unit < bytes.count {
            let next = nextUnit(bytes, from: unit)
            let kind = bytes[unit] & 0x1F
            if kind == 7 || kind == 8 {
                var end = next.map { $0 - 3 } ?? bytes.count
                // A start code of four bytes begins with a zero that is not the unit's.
                while end > unit, bytes[end - 1] == 0 { end -= 1 }
                sets += [0, 0, 0, 1]
                sets += bytes[unit..<end]
            }
            // Slices follow the sets; they are long, and not looked through.
            if kind == 5 || kind == 1 { break }
            start = next
        }
        return sets
    }

    /// Where the unit behind the next start code begins.
    private static func nextUnit(_ bytes: UnsafeRawBufferPointer, from: Int) -> Int? {
        var n = from
        while n + 3 <= bytes.count {
            if bytes[n] == 0, bytes[n + 1] == 0, bytes[n + 2] == 1 { return n + 3 }
            n += 1
        }
        return nil
    }
}
