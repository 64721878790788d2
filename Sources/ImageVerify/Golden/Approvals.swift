import Foundation

/// One approval: from then on a case has to look as it did.
public struct Approval: Codable, Sendable, Equatable {
    /// How the picture differed from the one before.
    public struct Figures: Codable, Sendable, Equatable {
        /// 0 … 255 levels.
        public let maxDifference: Int
        /// The share of pixels beyond the tolerance of the case.
        public let outliers: Double
        /// The mean of FLIP, [0, 1].
        public let flipMean: Double
        /// What 99 % of the pixels stay at or below of FLIP, [0, 1].
        public let flipP99: Double

        /// - Parameter levels: Beyond this difference a pixel is an outlier.
        public init(_ comparison: Comparison, levels: Int) {
            maxDifference = comparison.maxDifference
            outliers = comparison.outliers(beyond: levels)
            flipMean = comparison.flip.mean
            flipP99 = comparison.flip.p99
        }
    }

    /// The name of the case.
    public let name: String
    /// `RasterImage.hash` of what was approved, and of what it replaced.
    public let newHash: String
    /// Nil for the first picture of a case.
    public let oldHash: String?
    /// Nil for the first picture of a case.
    public let figures: Figures?
    /// Who drew it: see `DriverKey`.
    public let driverKey: String
    /// Name and version of the driver.
    public let driver: String
    /// Of the source of the program that drew it.
    public let commit: String
    /// Of the program that drew it.
    public let version: String
    /// ISO 8601, UTC.
    public let date: String
    /// In somebody's words.
    public let reason: String

    public init(
        name: String, newHash: String, oldHash: String?, figures: Figures?, driverKey: String, driver: String,
        commit: String, version: String, date: Date, reason: String
    ) {
        self.name = name
        self.newHash = newHash
        self.oldHash = oldHash
        self.figures = figures
        self.driverKey = driverKey
        self.driver = driver
        self.commit = commit
        self.version = version
        self.date = date.formatted(.iso8601)
        self.reason = reason
    }
}

/// All approvals of a folder of golden pictures, oldest first: `approvals.jsonl`, one object a line. The last one of a case
/// holds.
public struct Approvals: Sendable {
    private let path: String
    private var entries: [Approval]

    /// Reads the approvals; none where there is no file yet.
    public init(folder: URL) throws {
        path = folder.appending(path: "approvals.jsonl").path
        guard FileManager.default.fileExists(atPath: path) else {
            entries = []
            return
        }
        let text: String
        do { text = try String(contentsOf: URL(filePath: path), encoding: .utf8) } catch {
            throw ImageFileError.unreadable(path: path, reason: ImageFile.reason(error))
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        entries = []
        for (number, line) in text.split(separator: "\n").enumerated() {
            guard let entry = try? decoder.decode(Approval.self, from: Data(line.utf8)) else {
                throw ManifestError(path: path, reason: "is damaged: line \(number + 1) is no approval")
            }
            entries.append(entry)
        }
    }

    /// The approval that holds for a case.
    public func latest(_ name: String) -> Approval? { entries.last { $0.name == name } }

    /// Adds an approval and writes the file in one step.
    public mutating func add(_ approval: Approval) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var bytes: [UInt8] = []
        for entry in entries + [approval] {
            bytes += try encoder.encode(entry)
            bytes.append(0x0A)
        }
        try ImageFile.write(bytes, to: path)
        entries.append(approval)
    }
}
