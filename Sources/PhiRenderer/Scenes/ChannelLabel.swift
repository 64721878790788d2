/// The labels of channels, which every scene writes the same way.
enum ChannelLabel {
    /// "CH0" … "CH7", numbered as on the wire.
    static func name(_ channel: Int) -> FixedText {
        var text = FixedText("CH")
        text.append(Double(channel), decimals: 0)
        return text
    }

    /// "0" … "7", where there is not room for more.
    static func number(_ channel: Int) -> FixedText {
        var text = FixedText()
        text.append(Double(channel), decimals: 0)
        return text
    }

    static func frequency(_ hertz: Double) -> FixedText {
        var text = FixedText()
        text.append(hertz: hertz)
        return text
    }
}
