import ArgumentParser
import PhiRenderer

/// WIDTHxHEIGHT in pixels.
struct PictureSize: ExpressibleByArgument, Equatable, CustomStringConvertible {
    let width: Int
    let height: Int

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    init?(argument: String) {
        let parts = argument.lowercased().split(separator: "x", omittingEmptySubsequences: false)
        guard parts.count == 2, let width = Int(parts[0]), let height = Int(parts[1]) else { return nil }
        self.init(width: width, height: height)
    }

    var description: String { "\(width)x\(height)" }

    func validate() throws {
        let sides = RendererOptions.sides
        guard sides.contains(width), sides.contains(height) else {
            throw ValidationError(
                "A picture of \(self) cannot be drawn; give --size with sides of \(sides.lowerBound) to "
                    + "\(sides.upperBound) pixels")
        }
    }
}
