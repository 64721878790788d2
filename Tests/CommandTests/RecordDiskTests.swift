import Foundation
import Glibc
import ProgramHarness
import Testing

/// A program whose data directory is a file system of its own, which nobody else sees.
private struct MountedProgram {
    let process: ChildProcess
    let url: URL
    let data: String

    /// - Parameter mount: Commands of a shell that mount what is to be at `$0`.
    init(_ program: PhiMatrixProgram, mount: String, _ arguments: [String]) async throws {
        let data = program.path("data")
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        process = try ChildProcess(
            URL(filePath: "/usr/bin/unshare"),
            [
                "-m", "/bin/sh", "-c", "\(mount) && exec \"$@\"", data, try Programs.phiMatrix().path,
                "serve", "--port", "0", "--size", "320x180", "--data-dir", data,
            ] + arguments)
        let text = try await process.captured(/(http:\/\/[^\s]+\/)\n/, within: .seconds(20))
        url = try #require(URL(string: text))
        // What the program sees.
        self.data = "/proc/\(process.processIdentifier)/root" + data
    }

    func json(_ path: String, method: String = "GET") async throws -> (status: Int, body: [String: Any]) {
        let answer = try await LoopbackHTTP.request(method, url.appending(path: path))
        return (answer.status, try JSONSerialization.jsonObject(with: answer.body) as? [String: Any] ?? [:])
    }

    /// Writes zeros until so many bytes are free.
    func fill(leaving bytes: Int) throws {
        let file = open(data + "/filler", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        try #require(file >= 0)
        defer { close(file) }
        let block = [UInt8](repeating: 0, count: 4_096)
        while free() > bytes, write(file, block, block.count) > 0 {}
    }

    private func free() -> Int {
        var information = statvfs()
        guard statvfs(data, &information) == 0 else { return 0 }
        return Int(information.f_bavail * information.f_frsize)
    }
}

@Suite(
    "Disks that take no more", .serialized,
    .enabled(if: Machine.canMount, "File systems can be mounted by root alone, and not in every container."))
struct RecordDiskTests {
    private static let small = "mount -t tmpfs -o size=24m none \"$0\""

    @Test(
        "a disk that fills up ends the recording with a sentence; what is there is whole, and the server goes on",
        arguments: [6 << 20, 0])
    func full(left: Int) async throws {
        try await withProgram { program in
            let mounted = try await MountedProgram(program, mount: Self.small, ["--record"])
            let isLong = try await poll(within: .seconds(30)) {
                let status = try await mounted.json("api/recorder/status").body
                #expect(status["bytes"] is Int && status["bytes_per_second"] is Double)
                guard let hours = status["hours_left"] as? Double else { return nil as Bool? }
                // The size of the disk over what a second takes.
                let rate = try #require(status["bytes_per_second"] as? Double)
                #expect(hours > 0 && hours * 3_600 * rate < Double(24 << 20))
                return status["duration"] as? Double ?? 0 > 2 ? true : nil
            }
            #expect(isLong == true)
            try mounted.fill(leaving: left)
            let reason = try await poll(within: .seconds(10)) {
                try await mounted.json("api/recorder/status").body["reason"] as? String
            }
            let sentence = try #require(reason)
            #expect(sentence.contains("kept free") || sentence.contains("no space is left"), "\(sentence)")
            #expect(try await mounted.json("api/status").body["is_recording"] as? Bool == false)
            #expect(try await mounted.json("readyz").status == 200)
            // Another one is refused at once, with the same sentence, until there is space again.
            let refused = try await mounted.json("api/recorder/start", method: "POST")
            #expect(refused.status == 507 && (refused.body["detail"] as? String)?.contains("kept free") == true)

            let sessions = mounted.data + "/sessions"
            let ids = try FileManager.default.contentsOfDirectory(atPath: sessions)
            #expect(ids.count == 1)
            let copy = program.path("copy/sessions")
            try FileManager.default.createDirectory(
                atPath: program.path("copy"), withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: sessions, toPath: copy)
            let verify = try await program.run(["sessions", "verify", "--json", "--data-dir", program.path("copy")])
            #expect(verify.status == 0, "\(verify.text)")
            let row = try #require((try JSONSerialization.jsonObject(with: verify.output) as? [[String: Any]])?.first)
            #expect(row["samples"] as? Int ?? 0 > 200)
            let recording = Recording(folder: copy + "/" + (try #require(ids.first)))
            #expect(try await MediaProbe(recording.folder + "/frames.mp4").duration > 1.5)

            unlink(mounted.data + "/filler")
            #expect(try await mounted.json("api/recorder/start", method: "POST").status == 200)
            let outcome = try #require(await mounted.process.stop())
            #expect(outcome.status == 0)
            #expect(outcome.errors.components(separatedBy: "The recording has stopped: ").count == 2)
        }
    }

    @Test("a data directory that is read-only: the server says so and goes on; nothing is recorded")
    func readOnly() async throws {
        try await withProgram { program in
            try FileManager.default.createDirectory(
                atPath: program.path("data"), withIntermediateDirectories: true)
            for part in ["config", "presets", "sessions", "snapshots", "logs", "cache"] {
                try FileManager.default.createDirectory(
                    atPath: program.path("data/\(part)"), withIntermediateDirectories: true)
            }
            let mounted = try await MountedProgram(
                program, mount: "mount --bind \"$0\" \"$0\" && mount -o remount,ro,bind \"$0\"", ["--record"])
            let isReady = try await poll(within: .seconds(20)) {
                try await mounted.json("readyz").status == 200 ? true : nil
            }
            #expect(isReady == true)
            let status = try await mounted.json("api/recorder/status").body
            #expect(status["is_recording"] as? Bool == false)
            #expect((status["reason"] as? String)?.contains("read-only") == true, "\(status)")
            let refused = try await mounted.json("api/recorder/start", method: "POST")
            #expect(refused.status == 507 && (refused.body["detail"] as? String)?.contains("read-only") == true)
            let outcome = try #require(await mounted.process.stop())
            #expect(outcome.status == 0 && outcome.errors.contains("Nothing is recorded: "), "\(outcome.errors)")
        }
    }

    @Test("a read-only data directory in which nothing is yet: one sentence, and exit code 74")
    func empty() async throws {
        try await withProgram { program in
            try FileManager.default.createDirectory(
                atPath: program.path("data"), withIntermediateDirectories: true)
            let outcome = try await ChildProcess(
                URL(filePath: "/usr/bin/unshare"),
                [
                    "-m", "/bin/sh", "-c",
                    "mount --bind \"$0\" \"$0\" && mount -o remount,ro,bind \"$0\" && exec \"$@\"",
                    program.path("data"), try Programs.phiMatrix().path, "serve", "--port", "0", "--data-dir",
                    program.path("data"),
                ]
            ).finished(within: .seconds(30))
            #expect(outcome.status == 74 && outcome.errors.contains("cannot be written"), "\(outcome.errors)")
            #expect(outcome.errors.split(separator: "\n").count == 1)
        }
    }
}
