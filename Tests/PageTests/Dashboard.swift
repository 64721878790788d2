import Foundation
import ProgramHarness
import Testing

/// A server and a browser that shows its page.
struct Dashboard: Sendable {
    let browser: WebDriver
    let page: URL
    /// Nil where the server was running already.
    let server: ChildProcess?

    @TaskLocal static var shared: Dashboard?

    /// The dashboard of the suite that is running.
    static func current() throws -> Dashboard {
        guard let shared else { throw Trouble("The suite has no dashboard; does it have the trait .dashboard?") }
        return shared
    }

    /// Starts what is needed and waits for the first painted frame. `PHI_MATRIX_TEST_URL` names a server that is
    /// running already.
    /// - Parameter arguments: Of a server that the dashboard needs for itself; nil for any.
    static func open(serving arguments: [String]? = nil) async throws -> Dashboard {
        let (page, server) =
            if let arguments { try await serve(arguments: arguments) as (URL, ChildProcess?) } else {
                try await serving()
            }
        do {
            let browser = try await WebDriver.start(width: 1280, height: 900)
            let dashboard = Dashboard(browser: browser, page: page, server: server)
            do {
                try await browser.open(page)
                try await dashboard.waitUntilReady()
                return dashboard
            } catch {
                await browser.stop()
                throw error
            }
        } catch {
            await server?.stop()
            throw error
        }
    }

    func close() async {
        await browser.stop()
        await server?.stop()
    }

    /// The field `name` of GET /api/status.
    func status<Value: Decodable>(_ name: String) async throws -> Value? {
        let answer = try await LoopbackHTTP.request("GET", page.appendingPathComponent("api/status"))
        return try JSONDecoder().decode([String: Field<Value>].self, from: answer.body)[name]?.value
    }

    /// A `phi-matrix serve`, once it says where it listens.
    static func serve(port: Int = 0, arguments: [String] = []) async throws -> (URL, ChildProcess) {
        let server = try ChildProcess(
            Programs.phiMatrix(),
            ["serve", "--port", "\(port)", "--scene", "topology", "--size", "1280x720"] + arguments)
        do {
            let url = try await server.captured(/(http:\/\/127\.0\.0\.1:\d+\/)/, within: .seconds(30))
            return (URL(string: url)!, server)
        } catch {
            await server.stop()
            throw error
        }
    }

    private static func serving() async throws -> (URL, ChildProcess?) {
        guard let running = ProcessInfo.processInfo.environment["PHI_MATRIX_TEST_URL"], !running.isEmpty else {
            return try await serve()
        }
        guard let url = URL(string: running) else { throw Trouble("PHI_MATRIX_TEST_URL is no URL: \(running)") }
        return (url, nil)
    }

    private func waitUntilReady() async throws {
        let ready = try await poll(within: .seconds(20)) {
            try await browser.run("return document.documentElement.dataset.ready ?? ''") == "1" ? true : nil
        }
        guard ready == nil else { return }
        let banner = try await browser.text("#banner-text")
        let errors = try await browser.consoleErrors()
        throw Trouble("The page painted nothing within 20 s. It says: “\(banner)”. Console: \(errors)")
    }
}

/// A field of a JSON object whose other fields may have any type.
private struct Field<Value: Decodable>: Decodable {
    let value: Value?
    init(from decoder: any Decoder) { value = try? Value(from: decoder) }
}

/// Opens one dashboard for a whole suite. The console is read at the end, when everything has been tried.
struct DashboardTrait: SuiteTrait, TestScoping {
    /// Of a server that the suite needs for itself.
    var arguments: [String]?

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let dashboard = try await Dashboard.open(serving: arguments)
        do {
            try await Dashboard.$shared.withValue(dashboard, operation: function)
            let errors = try await dashboard.browser.consoleErrors()
            #expect(errors.isEmpty, "The console has errors.")
        } catch {
            await dashboard.close()
            throw error
        }
        await dashboard.close()
    }
}

extension Trait where Self == DashboardTrait {
    static var dashboard: Self { Self() }
    static func dashboard(serving arguments: String...) -> Self { Self(arguments: arguments) }
}
