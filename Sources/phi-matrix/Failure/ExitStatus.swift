/// The exit codes of the command line.
enum ExitStatus: Int32 {
    case done = 0
    case checkFailed = 1
    case usage = 64
    case badInput = 65
    case unavailable = 69
    case `internal` = 70
    case inputOutput = 74
}
