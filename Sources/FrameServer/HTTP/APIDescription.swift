/// The documents of the folder Description, which say what the server takes and answers: OpenAPI for HTTP, AsyncAPI for the
/// WebSockets.
enum APIDescription {
    /// What stands in the files for the version of the build.
    private static let unstamped = #""version": "0.0.0""#

    /// The documents as they are served.
    /// - Parameter version: Of the build.
    static func documents(version: String) -> [PageAsset] {
        [("openapi.json", PackageResources.openapi_json), ("asyncapi.json", PackageResources.asyncapi_json)].map {
            let text = String(decoding: $1, as: UTF8.self)
                .replacing(unstamped, with: #""version": "\#(version)""#, maxReplacements: 1)
            return PageAsset($0, Array(text.utf8))
        }
    }
}
