import ArgumentParser
import PhiRenderer

extension QualityMode: ExpressibleByArgument {
    public init?(argument: String) {
        if argument == "auto" {
            self = .automatic
        } else if let level = Int(argument).flatMap({ QualityLevel($0) }) {
            self = .fixed(level)
        } else {
            return nil
        }
    }

    public var defaultValueDescription: String {
        switch self {
        case .fixed(let level): "\(level.level)"
        case .automatic: "auto"
        }
    }
}
