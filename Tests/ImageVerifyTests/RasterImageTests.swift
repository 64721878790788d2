import ImageVerify
import Testing

@Suite("Pictures in memory")
struct RasterImageTests {
    @Test("bytes have to fit the size")
    func size() {
        #expect(RasterImage(width: 2, height: 1, bytes: [UInt8](repeating: 0, count: 8)) != nil)
        #expect(RasterImage(width: 2, height: 1, bytes: [UInt8](repeating: 0, count: 7)) == nil)
        #expect(RasterImage(width: 0, height: 1, bytes: []) == nil)
    }
}
