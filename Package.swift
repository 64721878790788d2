// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "phi-matrix",
    products: [
        .executable(name: "phi-matrix", targets: ["phi-matrix"])
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: [.defaults, "YAML"]),
        // The same parser as swift-configuration's, for what it does not tell: where in a file something is.
        .package(url: "https://github.com/jpsim/Yams", "5.4.0"..<"7.0.0"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.30.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: [
        // The only C: module maps and shims over system libraries.
        .systemLibrary(
            name: "CVulkan", pkgConfig: "vulkan", providers: [.apt(["libvulkan-dev"])]),
        .systemLibrary(name: "CSDL2", providers: [.apt(["libsdl2-dev"])]),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(
            name: "CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
        .systemLibrary(
            name: "CFFmpeg",
            providers: [.apt(["libavcodec-dev", "libavformat-dev", "libswresample-dev"])]),
        .systemLibrary(
            name: "CFreeType", pkgConfig: "freetype2", providers: [.apt(["libfreetype-dev"])]),
        .systemLibrary(name: "CEpoll"),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CExchange"),
        .systemLibrary(
            name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(name: "CALSA", pkgConfig: "alsa", providers: [.apt(["libasound2-dev"])]),

        // Values and the lock-free hand-off between threads.
        .target(name: "PhiModel", swiftSettings: strict),
        .target(name: "Handoff", swiftSettings: strict),
        // Archives of files.
        .target(name: "TarArchive", dependencies: ["CArchive"], swiftSettings: strict),
        // Files of lines.
        .target(name: "JSONLines", swiftSettings: strict),

        // State sources.
        .target(
            name: "PhiEngine",
            dependencies: [
                "PhiModel", "Handoff", "JSONLines", "CFFmpeg",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),

        // Controllers: Open Sound Control, MIDI.
        .target(
            name: "ControlInput",
            dependencies: [
                "Handoff", "CALSA",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),

        // Sound in and out.
        .target(name: "AudioDevice", dependencies: ["Handoff", "CSDL2"], swiftSettings: strict),

        // Vulkan and the renderer.
        .target(name: "VulkanKit", dependencies: ["CVulkan"], swiftSettings: strict),
        .plugin(
            name: "CompileShaders", capability: .buildTool(), path: "Sources/Plugins/CompileShaders"),
        .target(
            name: "Shaders", path: "Shaders", swiftSettings: strict, plugins: ["CompileShaders"]),
        .target(
            name: "PhiRenderer",
            dependencies: [
                "PhiModel", "Handoff", "VulkanKit", "Shaders", "CFreeType",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .target(
            name: "PhiDisplay",
            dependencies: [
                "VulkanKit", "PhiRenderer", "Handoff", "CSDL2", "CVulkan",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),

        // What pictures must show, and whether they do. ImageVerify knows pictures alone.
        .target(name: "PNGCodec", dependencies: ["CPNG"], swiftSettings: strict),
        .target(
            name: "ImageVerify",
            dependencies: ["PNGCodec", .product(name: "Crypto", package: "swift-crypto")],
            resources: [.embedInCode("Report/Page")], swiftSettings: strict),
        .target(name: "PhiOracle", dependencies: ["PhiModel", "ImageVerify"], swiftSettings: strict),

        // Pixels to bytes, bytes to viewers.
        .target(
            name: "FrameCodec",
            dependencies: [
                "Handoff", "PNGCodec", "CTurboJPEG", "CFFmpeg",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .target(
            name: "Telemetry",
            dependencies: [
                "Handoff", "CMalloc",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ],
            swiftSettings: strict),
        .target(
            name: "FrameServer",
            dependencies: [
                "PhiModel", "Handoff", "FrameCodec", "Telemetry",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            resources: [.embedInCode("Page"), .embedInCode("Description")],
            swiftSettings: strict),

        // What is kept on disk.
        .target(
            name: "SessionStore",
            dependencies: [
                "PhiModel", "Handoff", "JSONLines", "FrameCodec", "TarArchive", "CExchange",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),

        // Many viewers at once, to measure a server by.
        .target(
            name: "ViewerLoad",
            dependencies: ["Handoff", "CEpoll", .product(name: "Histogram", package: "hdrhistogram-swift")],
            swiftSettings: strict),

        // A running server from outside, as its clients see it.
        .target(
            name: "ServerProbe",
            dependencies: [
                "PhiModel", "Handoff", "ViewerLoad",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: strict),

        // The command line.
        .plugin(name: "StampBuild", capability: .buildTool(), path: "Sources/Plugins/StampBuild"),
        .executableTarget(
            name: "phi-matrix",
            dependencies: [
                "PhiModel", "Handoff", "JSONLines", "PhiEngine", "VulkanKit", "PhiRenderer", "PhiDisplay", "FrameCodec",
                "FrameServer", "SessionStore", "Telemetry", "PNGCodec", "ImageVerify", "PhiOracle", "ViewerLoad",
                "ControlInput", "ServerProbe", "TarArchive", "AudioDevice",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Yams", package: "Yams"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict,
            // Functions are looked up at the start, so that the table of them is constant from then on.
            linkerSettings: [
                .unsafeFlags(["-Xlinker", "-z", "-Xlinker", "relro", "-Xlinker", "-z", "-Xlinker", "now"])
            ],
            plugins: ["StampBuild"]),

        .testTarget(name: "PhiModelTests", dependencies: ["PhiModel"], swiftSettings: strict),
        .testTarget(name: "HandoffTests", dependencies: ["Handoff"], swiftSettings: strict),
        .testTarget(
            name: "PhiEngineTests",
            dependencies: [
                "PhiEngine", "PhiModel", "Handoff", "Fuzz",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "PhiRendererTests",
            dependencies: [
                "PhiRenderer", "PhiOracle", "ImageVerify", "VulkanKit", "PhiModel", "Handoff",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "PhiOracleTests",
            dependencies: [
                "PhiOracle", "PhiRenderer", "PhiEngine", "PhiModel", "ImageVerify", "VulkanKit", "Handoff",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "FrameCodecTests",
            dependencies: [
                "FrameCodec", "PNGCodec", "ImageVerify", "Handoff", "ProgramHarness", "CPNG", "CTurboJPEG", "CFFmpeg",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SessionStoreTests",
            dependencies: [
                "SessionStore", "PhiModel", "JSONLines", "FrameCodec", "Handoff", "ProgramHarness", "TarArchive",
                "Fuzz",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ControlInputTests",
            dependencies: [
                "ControlInput", "Fuzz",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .testTarget(name: "AudioDeviceTests", dependencies: ["AudioDevice"], swiftSettings: strict),
        .testTarget(name: "TarArchiveTests", dependencies: ["TarArchive", "CArchive"], swiftSettings: strict),
        .testTarget(name: "ViewerLoadTests", dependencies: ["ViewerLoad"], swiftSettings: strict),
        .testTarget(name: "ServerProbeTests", dependencies: ["ServerProbe", "PhiModel"], swiftSettings: strict),
        .testTarget(
            name: "ImageVerifyTests", dependencies: ["ImageVerify", "PNGCodec"], swiftSettings: strict),
        .testTarget(
            name: "FrameServerTests",
            dependencies: [
                "ProgramHarness", "Fuzz", "FrameServer", "FrameCodec", "Telemetry", "PhiModel", "Handoff",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .target(name: "ProgramHarness", path: "Tests/ProgramHarness", swiftSettings: strict),
        .target(name: "Fuzz", path: "Tests/Fuzz", swiftSettings: strict),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "phi-matrix", "ProgramHarness", "Fuzz", "ImageVerify", "CPNG", "ServerProbe",
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: strict),
        .testTarget(name: "PageTests", dependencies: ["phi-matrix", "ProgramHarness"], swiftSettings: strict),
    ]
)
