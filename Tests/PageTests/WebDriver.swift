import Foundation
import ProgramHarness
import Glibc

/// The little of the W3C WebDriver protocol that the tests need, over HTTP to a chromedriver of their own.
struct WebDriver: Sendable {
    private let driver: ChildProcess
    private let session: URL
    private let browserProcess: pid_t

    /// A host that the browser finds on this machine, and trusts no more than any other.
    static let plainHost = "plain.test"

    /// Starts chromedriver on a free loopback port, and a browser with it.
    static func start(width: Int, height: Int) async throws -> WebDriver {
        let chromium = try Programs.chromium()
        let driver = try ChildProcess(Programs.chromedriver(), ["--port=0"])
        do {
            let port = try await driver.captured(/started successfully on port (\d+)/, within: .seconds(20))
            let server = URL(string: "http://127.0.0.1:\(port)/session")!
            let opened: Session = try await request(
                "POST", server, NewSession(chromium: chromium.path, width: width, height: height))
            return WebDriver(
                driver: driver, session: server.appendingPathComponent(opened.sessionId),
                browserProcess: opened.capabilities.processID)
        } catch {
            await driver.stop()
            throw error
        }
    }

    func stop() async {
        do {
            let _: Nothing = try await Self.request("DELETE", session)
        } catch {
            // Without its driver the browser would live on.
            kill(browserProcess, SIGKILL)
        }
        await driver.stop()
    }

    func open(_ page: URL) async throws {
        let _: Nothing = try await post("url", ["url": page.absoluteString])
    }

    /// Has `script` run in every page that is opened from now on, before the page's own.
    /// - Returns: What names it to `forget`.
    func beforePages(_ script: String) async throws -> String {
        let added: [String: String] = try await post(
            "goog/cdp/execute",
            DevToolsCommand(cmd: "Page.addScriptToEvaluateOnNewDocument", params: ["source": script]))
        guard let identifier = added["identifier"] else { throw Trouble("The browser does not take the script.") }
        return identifier
    }

    /// Ends one earlier `beforePages`.
    func forget(_ script: String) async throws {
        let _: Nothing = try await post(
            "goog/cdp/execute",
            DevToolsCommand(cmd: "Page.removeScriptToEvaluateOnNewDocument", params: ["identifier": script]))
    }

    /// The tab that answers, as a name for `show`.
    func tab() async throws -> String {
        try await Self.request("GET", session.appendingPathComponent("window"))
    }

    /// Opens an empty tab; it answers only once it is shown.
    func newTab() async throws -> String {
        let tab: NewTab = try await post("window/new", ["type": "tab"])
        return tab.handle
    }

    /// Brings a tab to the front; it answers from now on.
    func show(tab: String) async throws {
        let _: Nothing = try await post("window", ["handle": tab])
        let _: Nothing = try await post(
            "goog/cdp/execute", DevToolsCommand(cmd: "Page.bringToFront", params: [:]))
    }

    /// Closes the tab that answers; another has to be shown then.
    func closeTab() async throws {
        let _: Nothing = try await Self.request("DELETE", session.appendingPathComponent("window"))
    }

    /// The size of the whole window, pixels.
    func resize(width: Int, height: Int) async throws {
        let _: Nothing = try await post("window/rect", ["width": width, "height": height])
    }

    /// What `script` returns.
    func run<Value: Decodable & Sendable>(_ script: String, as: Value.Type = Value.self) async throws -> Value {
        try await post("execute/sync", Script(script: script))
    }

    /// The text of the first element that `selector` matches.
    func text(_ selector: String) async throws -> String {
        try await run("return document.querySelector(\(quoted(selector))).textContent.trim()")
    }

    func click(_ selector: String) async throws {
        let _: Nothing = try await post("element/\(element(selector))/click", [String: String]())
    }

    /// Types into the page itself, as a user does without a field in focus.
    func type(_ keys: String) async throws {
        let _: Nothing = try await post("element/\(element("body"))/value", ["text": keys])
    }

    /// A PNG of the first element that `selector` matches.
    func screenshot(_ selector: String) async throws -> Data {
        let base64: String = try await Self.request(
            "GET", session.appendingPathComponent("element/\(element(selector))/screenshot"))
        guard let png = Data(base64Encoded: base64) else { throw Trouble("The screenshot is not base64.") }
        return png
    }

    /// The errors on the console since the last call.
    func consoleErrors() async throws -> [String] {
        let entries: [LogEntry] = try await post("se/log", ["type": "browser"])
        return entries.filter { $0.level == "SEVERE" }.map(\.message)
    }

    private func element(_ selector: String) async throws -> String {
        let found: [String: String] = try await post(
            "element", ["using": "css selector", "value": selector])
        guard let id = found.values.first else { throw Trouble("The page has no \(selector).") }
        return id
    }

    private func post<Body: Encodable, Value: Decodable>(_ path: String, _ body: Body) async throws -> Value {
        try await Self.request("POST", session.appendingPathComponent(path), body)
    }

    private static func request<Value: Decodable>(_ method: String, _ url: URL) async throws -> Value {
        try await request(method, url, String?.none)
    }

    private static func request<Body: Encodable, Value: Decodable>(
        _ method: String, _ url: URL, _ body: Body?
    ) async throws -> Value {
        let answer = try await LoopbackHTTP.request(method, url, body: body.map { try JSONEncoder().encode($0) })
        guard answer.status == 200 else {
            let failure = try? JSONDecoder().decode(Answer<Failure>.self, from: answer.body)
            throw Trouble("chromedriver refused \(method) \(url.path): \(failure?.value.message ?? "no reason given")")
        }
        return try JSONDecoder().decode(Answer<Value>.self, from: answer.body).value
    }

    private func quoted(_ text: String) throws -> String {
        String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    }
}

private struct Answer<Value: Decodable>: Decodable { let value: Value }
private struct Failure: Decodable { let message: String }
private struct Session: Decodable {
    let sessionId: String
    let capabilities: Capabilities

    struct Capabilities: Decodable {
        let processID: pid_t
        enum CodingKeys: String, CodingKey { case processID = "goog:processID" }
    }
}
private struct DevToolsCommand: Encodable {
    let cmd: String
    let params: [String: String]
}
private struct NewTab: Decodable { let handle: String }
private struct LogEntry: Decodable { let level, message: String }
private struct Script: Encodable {
    let script: String
    let args: [String] = []
}

/// An answer whose value is null or of no interest.
private struct Nothing: Decodable {
    init(from decoder: any Decoder) {}
}

private struct NewSession: Encodable {
    private let capabilities: [String: Wanted]

    init(chromium: String, width: Int, height: Int) {
        let options = Wanted.Options(
            binary: chromium,
            args: [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=\(width),\(height)",
                // A name of this machine that is no secure context.
                "--host-resolver-rules=MAP \(WebDriver.plainHost) 127.0.0.1",
            ])
        capabilities = ["alwaysMatch": Wanted(options: options)]
    }

    private struct Wanted: Encodable {
        let browserName = "chrome"
        let options: Options
        let logging = ["browser": "ALL"]

        enum CodingKeys: String, CodingKey {
            case browserName
            case options = "goog:chromeOptions"
            case logging = "goog:loggingPrefs"
        }

        struct Options: Encodable {
            let binary: String
            let args: [String]
        }
    }
}
