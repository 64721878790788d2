import CTurboJPEG

/// Encodes pictures as JPEG with libjpeg-turbo, 4:2:0. Owned by one thread at a time.
public final class JPEGEncoder {
    /// The name of the library, as viewers are told.
    public static let name = "libjpeg-turbo"

    private let handle: tjhandle
    private let scratch: UnsafeMutableBufferPointer<UInt8>
    private let width: Int
    private let height: Int
    /// 1 … 100.
    private let quality: Int

    /// - Parameters:
    ///   - width: Of every picture, pixels.
    ///   - quality: 1 … 100.
    public init(width: Int, height: Int, quality: Int = 82) throws(CodecError) {
        guard let handle = tjInitCompress() else { throw .failed(codec: "JPEG", reason: Self.reason(nil)) }
        self.handle = handle
        self.width = width
        self.height = height
        self.quality = quality
        let capacity = tjBufSize(Int32(width), Int32(height), Int32(TJSAMP_420.rawValue))
        scratch = .allocate(capacity: Int(capacity))
    }

    deinit {
        tjDestroy(handle)
        scratch.deallocate()
    }

    /// Encodes one picture and calls `body` with the bytes, which are valid until `body` returns.
    /// - Parameter pixels: RGBA, sRGB-encoded, rows without padding.
    public func encode<R>(
        _ pixels: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> R
    ) throws(CodecError) -> R {
        var target = scratch.baseAddress
        var size = UInt(scratch.count)
        let result = tjCompress2(
            handle, pixels.assumingMemoryBound(to: UInt8.self).baseAddress, Int32(width), 0, Int32(height),
            Int32(TJPF_RGBX.rawValue), &target, &size, Int32(TJSAMP_420.rawValue), Int32(quality),
            TJFLAG_NOREALLOC | TJFLAG_FASTDCT)
        guard result == 0 else { throw .failed(codec: "JPEG", reason: Self.reason(handle)) }
        return body(UnsafeRawBufferPointer(start: target, count: Int(size)))
    }

    private static func reason(_ handle: tjhandle?) -> String {
        tjGetErrorStr2(handle).map { String(cString: $0) } ?? "unknown reason"
    }
}
