#if canImport(Glibc)
    import Glibc
#endif

extension ChannelState {
    /// The frequencies of eight channels, Hz, drawn together or pulled apart around their geometric middle.
    /// - Parameter spread: The power that every interval to the middle is raised to, ≥ 0: 0 makes all frequencies alike, 1
    ///   leaves them exactly as they are.
    public static func frequencies(
        of channels: InlineArray<8, ChannelState>, spread: Double
    ) -> InlineArray<8, Double> {
        let given = InlineArray<8, Double> { channels[$0].frequency }
        guard spread != 1 else { return given }
        var sum = 0.0
        for k in given.indices { sum += log(given[k].clamped(to: frequencyRange)) }
        let middle = exp(sum / Double(given.count))
        return InlineArray { k in
            let interval = given[k].clamped(to: frequencyRange) / middle
            return (middle * pow(interval, spread)).clamped(to: frequencyRange)
        }
    }
}
