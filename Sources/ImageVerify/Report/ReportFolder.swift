import Foundation

/// Writes the reports of a run into a folder: `report.html`, `report.json`, `junit.xml`, and the pictures of what did not
/// pass.
public struct ReportFolder: Sendable {
    /// How large the page may become; pictures beyond that are beside it only, bytes.
    private static let pageLimit = 18 << 20

    private let path: String

    /// Makes the folder where it is missing, and takes away the report of an earlier run: one that ends early leaves none,
    /// rather than one that looks like its own.
    public init(_ path: String) throws {
        self.path = path
        do {
            for name in ["report.html", "report.json", "junit.xml", "images"]
            where FileManager.default.fileExists(atPath: "\(path)/\(name)") {
                try FileManager.default.removeItem(atPath: "\(path)/\(name)")
            }
            try FileManager.default.createDirectory(
                atPath: "\(path)/images", withIntermediateDirectories: true)
        } catch {
            throw ImageFileError.unwritable(path: path, reason: ImageFile.reason(error))
        }
    }

    /// The page.
    public var page: String { "\(path)/report.html" }

    /// Writes everything. Throws `ImageFileError` where a file cannot be written.
    public func write(_ run: VerificationRun) throws {
        var document = ReportDocument(run)
        try ImageFile.write([UInt8](try document.json(pretty: true)), to: "\(path)/report.json")
        try ImageFile.write([UInt8](JUnitReport.make(run).utf8), to: "\(path)/junit.xml")
        var room = Self.pageLimit
        // What did not pass comes first where there is not room for all.
        let order = run.results.indices.sorted { !run.results[$0].isFine && run.results[$1].isFine }
        for n in order { document.cases[n].images = try images(run.results[n], room: &room) }
        try ImageFile.write(try Self.page(document), to: page)
    }

    private func images(_ result: CaseResult, room: inout Int) throws -> ReportDocument.Images {
        var images = ReportDocument.Images()
        func add(_ image: RasterImage?, _ kind: String, isKept: Bool) throws -> String? {
            guard let image else { return nil }
            let file = "\(path)/images/\(result.item.name)-\(kind).png"
            let bytes = try ImageFile.png(image, path: file)
            if isKept { try ImageFile.write(bytes, to: file) }
            let text = "data:image/png;base64," + Data(bytes).base64EncodedString()
            guard text.utf8.count <= room else { return nil }
            room -= text.utf8.count
            return text
        }
        let isKept = !result.isFine
        images.actual = try add(result.actual, "actual", isKept: isKept)
        guard isKept, let comparison = result.comparison else { return images }
        images.expected = try add(result.expected, "expected", isKept: true)
        images.flip = try add(DifferencePictures.heatMap(comparison.flip), "flip", isKept: true)
        if let actual = result.actual, let expected = result.expected {
            images.difference = try add(DifferencePictures.amplified(expected, actual), "difference", isKept: true)
        }
        return images
    }

    /// The page with the document in it.
    static func page(_ document: ReportDocument) throws -> [UInt8] {
        let template = String(decoding: PackageResources.report_html, as: UTF8.self)
        // Nothing in the data may end the script that it stands in.
        let data = String(decoding: try document.json(pretty: false), as: UTF8.self)
            .replacingOccurrences(of: "</", with: "<\\/").replacingOccurrences(of: "<!--", with: "<\\!--")
        return [UInt8](template.replacingOccurrences(of: "/*REPORT-DATA*/null", with: data).utf8)
    }
}
