import Foundation
import Glibc
import ProgramHarness
import Testing

/// How a server ends, and what it tells who started it.
@Suite("the end of a server", .serialized)
struct EndTests {
    /// A viewer that is let in and never reads or answers.
    private func deafViewer(_ url: URL) throws -> RawConnection {
        let viewer = try RawConnection(url)
        viewer.upgrade("/ws/metrics")
        return viewer
    }

    @Test("SIGTERM ends within two seconds with 0, though a viewer never answers, and the recording is finished")
    func drains() async throws {
        try await withProgram { program in
            let (server, url) = try await program.serve(["--size", "160x96", "--record"])
            let viewer = try deafViewer(url)
            defer { _ = viewer }
            try await Task.sleep(for: .seconds(2))
            let start = ContinuousClock.now
            let end = await server.stop()
            #expect(end?.status == 0)
            #expect(ContinuousClock.now - start < .seconds(2.2), "\(ContinuousClock.now - start)")
            let verify = try await program.run(["sessions", "verify", "latest", "--json"])
            let rows = try JSONSerialization.jsonObject(with: verify.output) as? [[String: Any]]
            #expect(rows?.first?["ok"] as? Bool == true)
            #expect((rows?.first?["notes"] as? [String])?.isEmpty == true, "\(verify.text)")
        }
    }

    @Test("a second signal ends at once", arguments: [SIGTERM, SIGINT])
    func second(number: Int32) async throws {
        try await withProgram { program in
            let (server, url) = try await program.serve(["--size", "160x96"])
            let viewer = try deafViewer(url)
            defer { _ = viewer }
            try await Task.sleep(for: .milliseconds(300))
            kill(server.processIdentifier, number)
            try await Task.sleep(for: .milliseconds(300))
            let start = ContinuousClock.now
            let end = await server.stop(signal: number)
            #expect(end?.status == number)
            #expect(end?.errors.contains("Ended at once by a second signal.") == true)
            #expect(ContinuousClock.now - start < .milliseconds(300), "\(ContinuousClock.now - start)")
        }
    }

    @Test("systemd is told when there is a picture, that the server lives while it draws, and that it ends")
    func serviceManager() async throws {
        try await withProgram { program in
            let path = program.path("notify")
            let receiver = try DatagramReceiver(path)
            let (server, _) = try await program.serve(
                ["--size", "160x96"], environment: ["NOTIFY_SOCKET": path, "WATCHDOG_USEC": "600000"])
            #expect(receiver.next(within: 5)?.hasPrefix("READY=1\nSTATUS=Drawing; http://127.0.0.1:") == true)
            for _ in 0..<3 { #expect(receiver.next(within: 1) == "WATCHDOG=1") }
            // A server that stands still gives no sign of life.
            kill(server.processIdentifier, SIGSTOP)
            while receiver.next(within: 0.5) != nil {}
            kill(server.processIdentifier, SIGCONT)
            #expect(receiver.next(within: 2) == "WATCHDOG=1")
            async let end = server.stop()
            var last: String?
            while let message = receiver.next(within: 1) { last = message }
            #expect(last == "STOPPING=1\nSTATUS=Ending")
            #expect(await end?.status == 0)
        }
    }
}

/// The manager's side of sd_notify(3).
private final class DatagramReceiver: Sendable {
    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: name.sun_path) else { throw Trouble("\(path) is too long.") }
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path.utf8) }
        let isBound = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard isBound else { throw Trouble("\(path) cannot be listened on.") }
    }

    deinit { close(descriptor) }

    func next(within seconds: Double) -> String? {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard Glibc.poll(&poll, 1, Int32(seconds * 1_000)) == 1 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
