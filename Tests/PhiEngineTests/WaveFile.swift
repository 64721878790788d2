import Foundation

/// A folder for one test's files, removed with it.
final class ScratchFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "phi-engine-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ data: Data, to name: String) throws -> String {
        let file = url.appending(path: name)
        try data.write(to: file)
        return file.path
    }
}

/// A WAV file in memory, 16 bits a sample or 32-bit float.
struct WaveFile {
    var rate = 48_000
    var channels = 1
    var isFloat = false
    /// One value for each moment, given to every channel, ±1 at full scale.
    var samples: [Double]

    /// - Parameter seconds: The length; `value` is asked for each moment in seconds.
    init(rate: Int = 48_000, channels: Int = 1, isFloat: Bool = false, seconds: Double, _ value: (Double) -> Double) {
        self.rate = rate
        self.channels = channels
        self.isFloat = isFloat
        samples = (0..<Int(seconds * Double(rate))).map { value(Double($0) / Double(rate)) }
    }

    static func tone(
        _ frequency: Double, amplitude: Double = 0.5, rate: Int = 48_000, channels: Int = 1, isFloat: Bool = false,
        seconds: Double
    ) -> WaveFile {
        WaveFile(rate: rate, channels: channels, isFloat: isFloat, seconds: seconds) {
            amplitude * sin(2 * .pi * frequency * $0)
        }
    }

    var data: Data {
        var body = Data()
        body.reserveCapacity(samples.count * channels * 4)
        for sample in samples {
            for _ in 0..<channels {
                if isFloat {
                    body.append(littleEndian: Float(sample).bitPattern)
                } else {
                    body.append(littleEndian: UInt16(bitPattern: Int16((sample * 32_767).rounded())))
                }
            }
        }
        let frame = channels * (isFloat ? 4 : 2)
        var file = Data("RIFF".utf8)
        file.append(littleEndian: UInt32(36 + body.count))
        file.append(Data("WAVEfmt ".utf8))
        file.append(littleEndian: UInt32(16))
        file.append(littleEndian: UInt16(isFloat ? 3 : 1))
        file.append(littleEndian: UInt16(channels))
        file.append(littleEndian: UInt32(rate))
        file.append(littleEndian: UInt32(rate * frame))
        file.append(littleEndian: UInt16(frame))
        file.append(littleEndian: UInt16(isFloat ? 32 : 16))
        file.append(Data("data".utf8))
        file.append(littleEndian: UInt32(body.count))
        file.append(body)
        return file
    }
}

extension Data {
    fileprivate mutating func append<T: FixedWidthInteger>(littleEndian value: T) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}
