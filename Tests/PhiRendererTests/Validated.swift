import Testing
import VulkanKit

/// Turns the validation layer on for the renderers of a test. Any message is a failure, up to the end of the instance.
struct Validated: TestTrait, SuiteTrait, TestScoping {
    /// Takes the messages of the test that runs.
    @TaskLocal static var log: ValidationLog?

    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        let log = ValidationLog()
        try await Self.$log.withValue(log) { try await function() }
        #expect(log.messages == [])
    }
}

extension Trait where Self == Validated {
    static var validated: Self { Self() }
}
