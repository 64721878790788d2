/// What makes two drivers draw the same picture to the level: driver, version, compiler and vector width.
public enum DriverKey {
    /// The words and numbers of both, each once: "llvmpipe-mesa-22.3.6-llvm-15.0.6-256-bits".
    /// - Parameters:
    ///   - device: The device's name, which holds the vector width of a software driver.
    ///   - driver: Name and version of the driver.
    public static func make(device: String, driver: String) -> String {
        var seen: Set<Substring> = []
        return "\(driver) \(device)".lowercased()
            .split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "." })
            .filter { seen.insert($0).inserted }
            .joined(separator: "-")
    }
}
