import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

extension ServerRouter {
    /// `/`, `/docs` and the files of the pages.
    func addPage() {
        for asset in PageAsset.all { add(asset) }
    }

    /// `/openapi.json` and `/asyncapi.json`.
    func addDescription(_ environment: RouteEnvironment) {
        for asset in APIDescription.documents(version: environment.configuration.build.version) { add(asset) }
    }

    private func add(_ asset: PageAsset) {
        for path in asset.paths {
            get(path) { request, _ in asset.response(to: request) }
        }
    }
}

extension PageAsset {
    /// The browser asks each time and is told when nothing changed: a new build is never seen with old files.
    fileprivate func response(to request: Request) -> Response {
        let headers: HTTPFields = [.eTag: tag, .cacheControl: "no-cache"]
        if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: headers) }
        var full = headers
        full[.contentType] = contentType
        full[.contentLength] = String(body.readableBytes)
        return Response(status: .ok, headers: full, body: ResponseBody(byteBuffer: body))
    }
}
