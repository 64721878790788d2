import Testing

@testable import AudioDevice

@Suite("Sound on its way to the hardware")
struct PlaybackPipeTests {
    private func fill(_ pipe: PlaybackPipe, _ frames: Int) -> [Float] {
        var samples = [Float](repeating: 9, count: frames * 2)
        samples.withUnsafeMutableBufferPointer { pipe.fill($0) }
        return samples
    }

    @Test("what was written comes out in order, and what is missing is silence and counted")
    func order() {
        let pipe = PlaybackPipe(capacity: 64)
        ([1, 2, 3, 4] as [Float]).withUnsafeBufferPointer { pipe.write($0) }
        #expect(pipe.room == 62)
        #expect(fill(pipe, 3) == [1, 2, 3, 4, 0, 0])
        #expect(pipe.missingCount == 1)
    }

    @Test("the number of the next sample counts those that were missing, as the hardware does")
    func numbers() {
        let pipe = PlaybackPipe(capacity: 64)
        var demands: [UInt64] = []
        _ = fill(pipe, 10)
        pipe.newestDemand { demands.append($0.count) }
        #expect(pipe.nextNumber == 10)
        ([1, 2] as [Float]).withUnsafeBufferPointer { pipe.write($0) }
        #expect(pipe.nextNumber == 11)
        _ = fill(pipe, 1)
        pipe.newestDemand { demands.append($0.count) }
        pipe.newestDemand { demands.append($0.count) }
        #expect(demands == [0, 10])
    }
}
