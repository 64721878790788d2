import FrameCodec
import Foundation
import Handoff
import ProgramHarness
import Testing

@testable import SessionStore

@Suite("Recorder", .timeLimit(.minutes(2)))
struct RecorderTests {
    @Test("records what is published: a file for each format, and a description that agrees with them")
    func formats() async throws {
        try await withRecorder { recorder, camera, folder in
            let started = try recorder.start(name: "Rehearsal")
            #expect(started.id.wholeMatch(of: /\d{8}_\d{6}/) != nil)
            #expect(started.end == nil && started.frames == 0)
            #expect(throws: SessionError.running(id: started.id)) { try recorder.start() }
            #expect(try await eventually { camera.h264.demand.isWanted })
            try camera.take(45)
            #expect(try await eventually { recorder.session?.frames == 45 })
            try camera.take(30, width: 96, height: 64)
            #expect(try await eventually { recorder.session?.frames == 75 })
            let done = try await recorder.stop()
            #expect(!camera.h264.demand.isWanted && !recorder.isRecording && recorder.failure == nil)
            #expect(recorder.folder.sessions() == [done] && recorder.folder.session(done.id) == done)
            #expect(done.name == "Rehearsal" && done.version == "1.2.3" && done.scene == "field")
            #expect(done.frames == 75 && abs(done.duration - 2.5) < 0.01 && done.dropped == 0)
            #expect(done.size == "96x64" && done.codec == "h264" && done.encoder == "libx264")
            #expect(done.start.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil, "\(done.start)")
            #expect(done.end ?? "" >= done.start)
            #expect(done.videos.map(\.file) == ["frames.mp4", "frames-2.mp4"])
            for (video, width) in zip(done.videos, [64, 96]) {
                let probe = try await MediaProbe("\(folder)/\(done.id)/\(video.file)")
                #expect(probe.codec == "h264" && probe.width == width)
                #expect(probe.frames == video.frames && abs(probe.duration - video.duration) < 0.02)
                #expect(abs(probe.rate - 30) < 0.1)
                #expect(probe.colors == ["tv", "bt709", "bt709", "bt709"])
                let size = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(done.id)/\(video.file)")[.size]
                #expect(video.bytes == size as? Int && video.digest?.bytes == size as? Int, "\(video)")
            }
            await #expect(throws: SessionError.idle) { try await recorder.stop() }
            let next = try recorder.start()
            #expect(next.id != done.id && next.name == next.id)
        }
    }

    @Test("where no encoder for H.264 can be had, VP9 is recorded")
    func vp9() async throws {
        try await withRecorder { recorder, camera, folder in
            let session = try recorder.start()
            #expect(try await eventually { camera.h264.demand.isWanted })
            camera.h264.failed("There is none.")
            camera.taps.failed(camera.h264)
            #expect(try await eventually { camera.vp9.demand.isWanted })
            #expect(!camera.h264.demand.isWanted)
            try camera.take(30, .vp9, width: 160, height: 96)
            #expect(try await eventually { recorder.session?.frames == 30 })
            let done = try await recorder.stop()
            #expect(done.codec == "vp9" && done.reason == nil)
            let probe = try await MediaProbe("\(folder)/\(session.id)/frames.mp4")
            #expect(probe.codec == "vp9" && probe.frames == 30)
            #expect(probe.colors[...1] == ["tv", "bt709"])
        }
    }

    @Test("where no encoder can be had at all, the recording ends with the reason")
    func none() async throws {
        try await withRecorder { recorder, camera, _ in
            for stream in [camera.h264, camera.vp9] { stream.failed("There is none.") }
            try recorder.start()
            #expect(try await eventually { !recorder.isRecording })
            #expect(recorder.failure?.contains("There is none.") == true)
            let session = try #require(recorder.folder.sessions().first)
            #expect(session.reason == recorder.failure && session.end != nil)
        }
    }

    @Test("a folder that cannot be written: a sentence, and nothing is recorded")
    func unwritable() async throws {
        try await withRecorder(in: "/proc/self") { recorder, camera, _ in
            #expect {
                try recorder.start()
            } throws: { "\($0)".contains("/proc/self") && "\($0)".hasSuffix(".") }
            #expect(recorder.failure?.contains("/proc/self") == true)
            #expect(!recorder.isRecording && !camera.h264.demand.isWanted)
        }
    }

    @Test("a folder that goes away while it is written: the recording ends with a sentence, and another can begin")
    func gone() async throws {
        try await withRecorder { recorder, camera, folder in
            let session = try recorder.start()
            #expect(try await eventually { camera.h264.demand.isWanted })
            try camera.take(10)
            #expect(try await eventually { recorder.session?.frames == 10 })
            try FileManager.default.removeItem(atPath: "\(folder)/\(session.id)")
            #expect(try await eventually { !recorder.isRecording })
            #expect(recorder.failure?.contains("session.json cannot be written") == true, "\(recorder.failure ?? "")")
            #expect(!camera.h264.demand.isWanted)
            try recorder.start()
            #expect(recorder.isRecording && recorder.failure == nil)
        }
    }

    @Test("sessions are listed, the newest first; what is none is passed over, and a name is no path")
    func list() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "phi-sessions-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = SessionFolder(path: folder)
        #expect(store.sessions().isEmpty)
        var ids: [String] = []
        for _ in 0..<3 {
            let id = try store.create(at: 1_700_000_000)
            try store.write(
                Session(
                    id: id, name: id, start: "", subject: .init(version: "", engine: "", scene: "", preset: "deep"),
                    size: "64x48", fps: 30))
            ids.append(id)
        }
        #expect(ids[1] == ids[0] + "_2" && ids[2] == ids[0] + "_3")
        for name in ["notes", "20260101_000000", "20260102_000000"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        try Data("{".utf8).write(to: URL(filePath: "\(folder)/20260102_000000/session.json"))
        #expect(store.sessions().map(\.id) == ids.reversed())
        #expect(store.session(ids[1])?.preset == "deep")
        for id in ["../\(ids[0])", "notes", "", ".", "20260101_000000"] { #expect(store.session(id) == nil) }
    }
}
