import Foundation
import PhiModel
import Testing

@testable import PhiRenderer

@Suite("The matrix scene, domain §5", .validated)
struct MatrixTests {
    private static let layout = (left: 0.0, size: 720.0)

    /// The middle of the upper edge of a cell, clear of its number.
    private func cell(_ row: Int, _ column: Int, _ width: Double, _ height: Double) -> (x: Double, y: Double) {
        // 62 pixels of margin where the shorter side is 720, eight columns.
        let unit = min(width, height) / 720
        let pitch = ((min(width, height) - 2 * 62 * unit) / 8).rounded(.down)
        let gap = max((pitch * 0.05).rounded(), 1)
        let left = ((width - pitch * 8 + gap) / 2).rounded(), top = ((height - pitch * 8 + gap) / 2).rounded()
        return (left + Double(column) * pitch + (pitch - gap) / 2, top + Double(row) * pitch + 3)
    }

    private func picture(_ couplings: [Double]) throws -> Picture {
        var state = EngineState()
        for n in 0..<7 { state.coupling[0, n + 1] = n < couplings.count ? couplings[n] : 0 }
        return try TestRenderer(width: 1_280, height: 720).picture("matrix", state)
    }

    @Test("a coupling can be read from its cell within ±5 %, with its sign")
    func reading() throws {
        // What each colour means is learnt from one picture, and read in another.
        func encoded(_ coupling: Double) throws -> [Double] {
            let at = cell(0, 1, 1_280, 720)
            let pixel = try picture([coupling])[at.x, at.y]
            return [Double(pixel.red), Double(pixel.green), Double(pixel.blue)]
        }
        let scale = try stride(from: -1.0, through: 1, by: 0.05).map { ($0, try encoded($0)) }
        for coupling in [-0.93, -0.61, -0.34, -0.12, 0.07, 0.28, 0.47, 0.72, 0.99] {
            let seen = try encoded(coupling)
            func distance(_ other: [Double]) -> Double {
                zip(seen, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            }
            let read = try #require(scale.min { distance($0.1) < distance($1.1) }).0
            #expect(abs(read - coupling) <= 0.05 + 1e-9, "\(coupling) reads as \(read)")
        }
    }

    @Test("it is symmetric, and the same in both halves")
    func symmetry() throws {
        let picture = try TestRenderer(width: 1_280, height: 720).picture("matrix", .lively)
        for i in 0..<8 {
            for j in 0..<8 where i != j {
                let a = cell(i, j, 1_280, 720), b = cell(j, i, 1_280, 720)
                #expect(picture[a.x, a.y] == picture[b.x, b.y], "\(i), \(j)")
            }
        }
    }

    @Test("light grows with the magnitude, for both signs")
    func magnitude() throws {
        for sign in [-1.0, 1] {
            let picture = try picture((0...6).map { sign * Double($0) / 6 })
            let lights = (1...7).map { column in
                let at = cell(0, column, 1_280, 720)
                return picture[at.x, at.y].linear.oklab.lightness
            }
            #expect(zip(lights, lights.dropFirst()).allSatisfy { $0 + 0.02 < $1 }, "\(sign): \(lights)")
        }
    }

    @Test("signs stay apart for every kind of colour blindness", arguments: ColorBlindness.allCases)
    func colorBlind(_ kind: ColorBlindness) {
        for magnitude in stride(from: 0.3, through: 1, by: 0.1) {
            let plus = kind.seen(MatrixColor.of(magnitude)).oklab, minus = kind.seen(MatrixColor.of(-magnitude)).oklab
            let distance = hypot(hypot(plus.a - minus.a, plus.b - minus.b), plus.lightness - minus.lightness)
            #expect(distance > 0.1, "\(kind) at \(magnitude): \(distance)")
        }
    }
}

/// How people with one kind of cone missing see colours (H. Brettel, F. Viénot, J. Mollon; the linear approximation of Viénot
/// 1999 for the first two, of Machado 2009 for the third).
enum ColorBlindness: CaseIterable {
    case protanopia, deuteranopia, tritanopia

    func seen(_ c: LinearColor) -> LinearColor {
        let m: [Double] =
            switch self {
            case .protanopia: [0.11238, 0.88762, 0, 0.11238, 0.88762, 0, 0.00401, -0.00401, 1]
            case .deuteranopia: [0.29275, 0.70725, 0, 0.29275, 0.70725, 0, -0.02234, 0.02234, 1]
            case .tritanopia:
                [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900]
            }
        func row(_ n: Int) -> Double {
            min(max(m[n] * c.red + m[n + 1] * c.green + m[n + 2] * c.blue, 0), 1)
        }
        return LinearColor(red: row(0), green: row(3), blue: row(6))
    }
}
