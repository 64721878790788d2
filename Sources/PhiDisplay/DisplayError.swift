/// Why there is no window.
public enum DisplayError: Error, Equatable, CustomStringConvertible {
    /// SDL's own words.
    case noVideo(String)
    case noWindow(String)
    case unknownDisplay(Int, count: Int)

    public var description: String {
        switch self {
        case .noVideo(let reason):
            "No window can be opened (\(reason)); start the program within a graphical session, set DISPLAY, or leave out --window."
        case .noWindow(let reason): "The window could not be opened (\(reason)); leave out --window to go on without."
        case .unknownDisplay(let wanted, let count):
            "There is no display \(wanted); give --display from 0 to \(count - 1)."
        }
    }
}
