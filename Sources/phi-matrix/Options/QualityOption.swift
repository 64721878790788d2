import ArgumentParser
import PhiRenderer

extension QualityLevel: ExpressibleByArgument {
    public init?(argument: String) {
        guard let level = Int(argument) else { return nil }
        self.init(level)
    }

    public var defaultValueDescription: String { "\(level)" }
}
