import Foundation
import Testing

@testable import FrameServer

struct PageFolderTests {
    @Test("The list of assets is the folder")
    func complete() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/FrameServer/Page")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(Set(files) == Set(PageAsset.all.map(\.name)))
    }
}
