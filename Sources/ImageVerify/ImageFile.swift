import Foundation
import PNGCodec

/// Why a picture file cannot be used. Each description is one plain sentence: what is wrong, and what to do.
public enum ImageFileError: Error, Equatable, CustomStringConvertible {
    /// The file does not exist, or cannot be read for `reason`.
    case unreadable(path: String, reason: String)
    /// The file is no picture that can be compared.
    case badPicture(path: String, PNGError)
    /// The file cannot be written for `reason`.
    case unwritable(path: String, reason: String)

    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "\(path) cannot be read (\(reason)); check the path and its permissions."
        case .badPicture(let path, let error): "\(path) \(error)."
        case .unwritable(let path, let reason):
            "\(path) cannot be written (\(reason)); check that its folder exists and is writable."
        }
    }
}

/// Pictures as PNG files.
public enum ImageFile {
    /// The largest file that is read, bytes.
    public static let largestFile = 512 << 20

    /// Reads a picture.
    public static func read(_ path: String) throws(ImageFileError) -> RasterImage {
        try decode(try contents(path), path: path)
    }

    /// Decodes the bytes of a PNG file.
    /// - Parameter path: Where they are from, for the words of an error.
    public static func decode(_ bytes: [UInt8], path: String) throws(ImageFileError) -> RasterImage {
        do throws(PNGError) {
            let decoded = try PNGDecoder.decode(bytes)
            guard let image = RasterImage(width: decoded.width, height: decoded.height, bytes: decoded.bytes) else {
                throw PNGError.damaged(reason: "its pixels do not fit its size")
            }
            return image
        } catch {
            throw .badPicture(path: path, error)
        }
    }

    private static func contents(_ path: String) throws(ImageFileError) -> [UInt8] {
        do {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: URL(filePath: path).resolvingSymlinksInPath().path)
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                throw ImageFileError.unreadable(path: path, reason: "it is no file")
            }
            guard (attributes[.size] as? Int ?? 0) <= largestFile else {
                throw ImageFileError.unreadable(path: path, reason: "it is larger than 512 MiB")
            }
            return [UInt8](try Data(contentsOf: URL(filePath: path)))
        } catch let error as ImageFileError {
            throw error
        } catch {
            throw .unreadable(path: path, reason: Self.reason(error))
        }
    }

    /// Writes a picture in one step: a file that was there is replaced whole or not at all.
    public static func write(_ image: RasterImage, to path: String) throws(ImageFileError) {
        try write(try png(image, path: path), to: path)
    }

    /// Writes a file in one step: one that was there is replaced whole or not at all.
    public static func write(_ bytes: [UInt8], to path: String) throws(ImageFileError) {
        do { try Data(bytes).write(to: URL(filePath: path), options: .atomic) } catch {
            throw .unwritable(path: path, reason: Self.reason(error))
        }
    }

    /// The picture as the bytes of a PNG file.
    /// - Parameter path: Of the file that the bytes are for, for the words of an error.
    public static func png(_ image: RasterImage, path: String) throws(ImageFileError) -> [UInt8] {
        do throws(PNGError) {
            // Errors cannot be thrown through the closure with their type.
            let result: Result<[UInt8], PNGError> = image.bytes.withUnsafeBytes { bytes in
                do throws(PNGError) {
                    return .success(try PNGEncoder.encode(bytes, width: image.width, height: image.height))
                } catch {
                    return .failure(error)
                }
            }
            return try result.get()
        } catch {
            throw .unwritable(path: path, reason: "\(error)")
        }
    }

    /// The words of the system, without a full stop.
    static func reason(_ error: any Error) -> String {
        let error = error as NSError
        if let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError, underlying.domain == NSPOSIXErrorDomain {
            return String(cString: strerror(Int32(underlying.code))).lowercased()
        }
        if error.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(error.code))).lowercased() }
        switch (error.domain, error.code) {
        case (NSCocoaErrorDomain, NSFileReadNoSuchFileError), (NSCocoaErrorDomain, NSFileNoSuchFileError):
            return "no such file"
        case (NSCocoaErrorDomain, NSFileReadNoPermissionError), (NSCocoaErrorDomain, NSFileWriteNoPermissionError):
            return "permission denied"
        case (NSCocoaErrorDomain, NSFileWriteVolumeReadOnlyError): return "read-only file system"
        case (NSCocoaErrorDomain, NSFileWriteOutOfSpaceError): return "no space left"
        default: return error.localizedDescription.trimmingCharacters(in: CharacterSet(charactersIn: "."))
        }
    }
}
