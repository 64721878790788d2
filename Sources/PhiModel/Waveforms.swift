/// The newest samples of every channel: eight lanes of 512 values in [−1, 1], oldest first.
public struct Waveforms: BitwiseCopyable, Sendable {
    /// Samples of a lane.
    public static let length = 512

    private var samples: InlineArray<4096, Float>

    public init() { samples = InlineArray(repeating: 0) }

    /// Sample `index` (0 is the oldest) of a channel.
    public subscript(channel: Int, index: Int) -> Float {
        get { samples[channel * Self.length + index] }
        set { samples[channel * Self.length + index] = newValue }
    }

    /// Calls `body` with all 8 × 512 samples, lane after lane.
    public func withSamples<R>(_ body: (UnsafeBufferPointer<Float>) -> R) -> R {
        withUnsafeBytes(of: samples) { body($0.assumingMemoryBound(to: Float.self)) }
    }

    /// Calls `body` with the 512 samples of one channel, to be changed in place.
    public mutating func withLane<R>(_ channel: Int, _ body: (UnsafeMutableBufferPointer<Float>) -> R) -> R {
        precondition((0..<EngineState.channelCount).contains(channel), "there are eight channels")
        return withUnsafeMutableBytes(of: &samples) { bytes in
            let all = bytes.assumingMemoryBound(to: Float.self)
            return body(UnsafeMutableBufferPointer(rebasing: all[channel * Self.length..<(channel + 1) * Self.length]))
        }
    }
}
