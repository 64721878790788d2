import CPNG
import Foundation
import ProgramHarness

/// A decoded PNG.
struct PNGPicture: Equatable {
    let width: Int
    let height: Int
    /// RGB, 8 bits a component.
    let pixels: [UInt8]

    init(_ data: Data) throws {
        var image = png_image()
        image.version = png_uint_32(PNG_IMAGE_VERSION)
        let bytes = [UInt8](data)
        guard png_image_begin_read_from_memory(&image, bytes, bytes.count) != 0 else {
            throw Trouble("\(data.count) bytes are no PNG.")
        }
        image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR)
        var pixels = [UInt8](repeating: 0, count: Int(image.width) * Int(image.height) * 3)
        guard png_image_finish_read(&image, nil, &pixels, 0, nil) != 0 else { throw Trouble("A PNG is not whole.") }
        width = Int(image.width)
        height = Int(image.height)
        self.pixels = pixels
    }

    /// The share of pixels that differ by more than 12 levels in a component; 1 where the sizes differ.
    func shareOfOtherPixels(_ other: PNGPicture) -> Double {
        guard (width, height) == (other.width, other.height) else { return 1 }
        var count = 0
        for n in stride(from: 0, to: pixels.count, by: 3)
        where (0..<3).contains(where: { abs(Int(pixels[n + $0]) - Int(other.pixels[n + $0])) > 12 }) {
            count += 1
        }
        return Double(count) / Double(width * height)
    }
}
