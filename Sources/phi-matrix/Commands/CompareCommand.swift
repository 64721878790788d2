import ArgumentParser
import Foundation
import ImageVerify

/// How two pictures differ.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Compares two pictures, by level and as the eye sees them.",
        discussion: "FLIP is the perceptual difference of two pictures seen in turn: 0, none that can be seen, to 1. "
            + "With limits, a difference beyond one of them ends with 1.")

    @Argument(help: "The picture that is as it should be: a PNG file.") var expected: String
    @Argument(help: "The picture to compare with it.") var actual: String

    @Option(help: ArgumentHelp("Writes where they differ, as heat from black to pale yellow.", valueName: "file"))
    var map: String?

    @Flag(help: "Prints the figures as JSON.")
    var json = false

    @Option(
        help: ArgumentHelp("A pixel counts as an outlier beyond this difference, 0 to 255 levels.", valueName: "levels")
    )
    var levels = 3

    @Option(help: ArgumentHelp("The share of outliers that is allowed, 0 to 1.", valueName: "share"))
    var outliers: Double?

    @Option(help: ArgumentHelp("The FLIP mean that is allowed, 0 to 1.", valueName: "mean"))
    var flipMean: Double?

    @Option(help: ArgumentHelp("The FLIP value that 99 % of the pixels may reach, 0 to 1.", valueName: "value"))
    var flipP99: Double?

    func validate() throws {
        guard (0...255).contains(levels) else {
            throw ValidationError("A pixel cannot differ by \(levels) levels; give --levels from 0 to 255")
        }
        for (name, limit) in [("outliers", outliers), ("flip-mean", flipMean), ("flip-p99", flipP99)] {
            guard let limit else { continue }
            guard (0...1).contains(limit) else {
                throw ValidationError("A limit of \(limit) makes no sense; give --\(name) from 0 to 1")
            }
        }
    }

    func run() throws {
        let a = try ImageFile.read(expected), b = try ImageFile.read(actual)
        let start = ContinuousClock.now
        guard let comparison = Comparison(expected: a, actual: b) else {
            throw CommandError(
                .badInput,
                "\(expected) has \(a.width)x\(a.height) pixels and \(actual) has \(b.width)x\(b.height); only pictures "
                    + "of the same size can be compared.")
        }
        let figures = Figures(
            comparison, levels: levels, milliseconds: (ContinuousClock.now - start) / .milliseconds(1))
        if let map, let heat = DifferencePictures.heatMap(comparison.flip) { try ImageFile.write(heat, to: map) }
        print(json ? try figures.json : figures.text)
        let excesses = [
            ("outliers", figures.outliers, outliers), ("FLIP mean", figures.flipMean, flipMean),
            ("FLIP p99", figures.flipP99, flipP99),
        ].compactMap { name, value, limit in
            limit.flatMap { value > $0 ? "\(name) \(Figures.short(value)) is over \($0)" : nil }
        }
        guard excesses.isEmpty else {
            throw CommandError(.checkFailed, "The pictures differ too much: \(excesses.joined(separator: ", ")).")
        }
    }

    /// What is printed.
    private struct Figures: Encodable {
        let identical: Bool
        let maxDifference: Int
        let outliers: Double
        let flipMean: Double
        let flipP99: Double
        let milliseconds: Double
        private let levels: Int

        init(_ comparison: Comparison, levels: Int, milliseconds: Double) {
            identical = comparison.isIdentical
            maxDifference = comparison.maxDifference
            outliers = comparison.outliers(beyond: levels)
            flipMean = comparison.flip.mean
            flipP99 = comparison.flip.p99
            self.milliseconds = milliseconds
            self.levels = levels
        }

        var text: String {
            identical
                ? "The pictures are the same."
                : """
                FLIP mean       \(Self.short(flipMean))
                FLIP p99        \(Self.short(flipP99))
                max difference  \(maxDifference) levels
                outliers        \(Self.short(outliers * 100)) % of the pixels beyond \(levels) levels
                """
        }

        var json: String {
            get throws {
                let encoder = JSONEncoder()
                encoder.keyEncodingStrategy = .convertToSnakeCase
                encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
                return String(decoding: try encoder.encode(self), as: UTF8.self)
            }
        }

        static func short(_ value: Double) -> String { String(format: "%.5f", value) }
    }
}
