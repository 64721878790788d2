import NIOCore

/// A file of a page, or a document about the server, as it was built into the program.
struct PageAsset: Sendable {
    let name: String
    let contentType: String
    let body: ByteBuffer
    /// Changes when the file does.
    let tag: String

    init(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        body = ByteBuffer(bytes: bytes)
        contentType =
            switch name.split(separator: ".").last {
            case "html": "text/html; charset=utf-8"
            case "js": "text/javascript; charset=utf-8"
            case "css": "text/css; charset=utf-8"
            case "json": "application/json"
            case "svg": "image/svg+xml"
            case "png": "image/png"
            default: "application/octet-stream"
            }
        // FNV-1a: it tells builds apart and guards nothing.
        let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        tag = "\"\(String(hash, radix: 16))\""
    }

    /// Where the file is served.
    var paths: [String] {
        switch name {
        case "index.html": ["/", "/index.html"]
        case "docs.html": ["/docs"]
        default: ["/\(name)"]
        }
    }

    /// Whether it is what people open; the rest is what pages ask for.
    var isPage: Bool { name.hasSuffix(".html") }

    /// Every file of the folder Page; a file that is missing here is not served.
    static let all = [
        PageAsset("index.html", PackageResources.index_html),
        PageAsset("acks.js", PackageResources.acks_js),
        PageAsset("app.js", PackageResources.app_js),
        PageAsset("banner.js", PackageResources.banner_js),
        PageAsset("channels.js", PackageResources.channels_js),
        PageAsset("clock.js", PackageResources.clock_js),
        PageAsset("codecs.js", PackageResources.codecs_js),
        PageAsset("color.js", PackageResources.color_js),
        PageAsset("control.css", PackageResources.control_css),
        PageAsset("docs-http.js", PackageResources.docs_http_js),
        PageAsset("docs-schema.js", PackageResources.docs_schema_js),
        PageAsset("docs-socket.js", PackageResources.docs_socket_js),
        PageAsset("docs.css", PackageResources.docs_css),
        PageAsset("docs.html", PackageResources.docs_html),
        PageAsset("docs.js", PackageResources.docs_js),
        PageAsset("drops.js", PackageResources.drops_js),
        PageAsset("engine.js", PackageResources.engine_js),
        PageAsset("frames.js", PackageResources.frames_js),
        PageAsset("header.js", PackageResources.header_js),
        PageAsset("hud.js", PackageResources.hud_js),
        PageAsset("ladder.js", PackageResources.ladder_js),
        PageAsset("mark.js", PackageResources.mark_js),
        PageAsset("metrics.js", PackageResources.metrics_js),
        PageAsset("painter.js", PackageResources.painter_js),
        PageAsset("panel.css", PackageResources.panel_css),
        PageAsset("phi.js", PackageResources.phi_js),
        PageAsset("post.js", PackageResources.post_js),
        PageAsset("presets.js", PackageResources.presets_js),
        PageAsset("quality.js", PackageResources.quality_js),
        PageAsset("recent.js", PackageResources.recent_js),
        PageAsset("reconnect.js", PackageResources.reconnect_js),
        PageAsset("recorder.js", PackageResources.recorder_js),
        PageAsset("repaint.js", PackageResources.repaint_js),
        PageAsset("scenes.js", PackageResources.scenes_js),
        PageAsset("sps.js", PackageResources.sps_js),
        PageAsset("stats.js", PackageResources.stats_js),
        PageAsset("stills.js", PackageResources.stills_js),
        PageAsset("style.css", PackageResources.style_css),
        PageAsset("text.js", PackageResources.text_js),
        PageAsset("token.js", PackageResources.token_js),
        PageAsset("trace.js", PackageResources.trace_js),
        PageAsset("transition.js", PackageResources.transition_js),
        PageAsset("video-worker.js", PackageResources.video_worker_js),
        PageAsset("video.js", PackageResources.video_js),
        PageAsset("wish.js", PackageResources.wish_js),
    ]
}
