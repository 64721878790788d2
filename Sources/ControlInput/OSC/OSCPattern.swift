/// Address patterns of Open Sound Control 1.0: `?`, `*`, `[a-c]`, `[!a]`, `{one,two}`. None of them goes over a slash.
enum OSCPattern {
    /// Patterns that are longer match nothing: what a sender can make a matcher do is bounded.
    private static let longest = 256

    static func matches(_ pattern: String, _ address: String) -> Bool {
        let pattern = Array(pattern), address = Array(address)
        guard pattern.count <= longest else { return false }
        var budget = 10_000
        return match(pattern[...], address[...], &budget)
    }

    private static func match(
        _ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>, _ budget: inout Int
    ) -> Bool {
        budget -= 1
        guard budget > 0 else { return false }
        guard let first = pattern.first else { return text.isEmpty }
        let rest = pattern.dropFirst()
        switch first {
        case "?":
            guard let next = text.first, next != "/" else { return false }
            return match(rest, text.dropFirst(), &budget)
        case "*":
            var remaining = text
            while true {
                if match(rest, remaining, &budget) { return true }
                guard let next = remaining.first, next != "/" else { return false }
                remaining = remaining.dropFirst()
            }
        case "[":
            guard let end = rest.firstIndex(of: "]"), let next = text.first, next != "/" else { return false }
            guard contains(rest[rest.startIndex..<end], next) else { return false }
            return match(rest[(end + 1)...], text.dropFirst(), &budget)
        case "{":
            guard let end = rest.firstIndex(of: "}") else { return false }
            for choice in rest[rest.startIndex..<end].split(separator: ",", omittingEmptySubsequences: false)
            where text.starts(with: choice) && match(rest[(end + 1)...], text.dropFirst(choice.count), &budget) {
                return true
            }
            return false
        default:
            guard text.first == first else { return false }
            return match(rest, text.dropFirst(), &budget)
        }
    }

    private static func contains(_ set: ArraySlice<Character>, _ character: Character) -> Bool {
        var set = set
        let isNegated = set.first == "!"
        if isNegated { set = set.dropFirst() }
        var isIn = false
        while let low = set.first {
            if set.count >= 3, set[set.startIndex + 1] == "-" {
                let high = set[set.startIndex + 2]
                if low <= high, (low...high).contains(character) { isIn = true }
                set = set.dropFirst(3)
            } else {
                if low == character { isIn = true }
                set = set.dropFirst()
            }
        }
        return isIn != isNegated
    }
}
