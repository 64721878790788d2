import Foundation
import Fuzz
import Testing

@testable import SessionStore

@Suite(.timeLimit(.minutes(12)))
struct SessionFuzzTests {
    private static let session = """
        {"id":"20260101_120000","name":"a","version":"0.9.0","start":"2026-01-01T12:00:00Z","end":"2026-01-01T12:00:09Z",
        "engine":"synthetic","scene":"spectral","preset":"deep","size":"320x180","fps":30,"codec":"h264","encoder":"x",
        "frames":9,"duration":9.5,"dropped":0,"lost_samples":0,"bytes":1234,"videos":[],"reason":null,
        "streams":[{"file":"metrics.jsonl","lines":4,"bytes":99},{"file":"controls.jsonl","lines":1,"bytes":9}]}
        """
    private static let lines = """
        {"t":0.0,"ici":0.1,"phi_phase":0.5}
        {"t":0.5,"ici":0.2,"phi_phase":0.6}
        {"t":1.0,"ici":0.3,"phi_phase":0.7}
        {"t":1.5,"ici":0.4,"phi_phase":0.8}

        """

    @Test("Damaged sessions are passed over, or listed and checked to their end")
    func sessions() throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "session-fuzz-\(UUID().uuidString)")
        let one = root.appending(path: "20260101_120000")
        try FileManager.default.createDirectory(at: one, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: root) }
        let folder = SessionFolder(path: root.path)
        let report = try FuzzRun("sessions", seed: 21).run(short: 300) { n, random in
            let isHeadDamaged = random.chance(60)
            let head = isHeadDamaged ? Damage.json(Self.session, using: &random) : Array(Self.session.utf8)
            let lines =
                isHeadDamaged && random.chance(70)
                ? Array(Self.lines.utf8) : Damage.bytes(Array(Self.lines.utf8), using: &random)
            try Data(head).write(to: one.appending(path: "session.json"))
            try Data(lines).write(to: one.appending(path: "metrics.jsonl"))
            guard let session = folder.sessions().first else { return false }
            let check = SessionCheck(session, in: folder)
            for sentence in check.faults + check.notes where sentence.isEmpty {
                Issue.record("input \(n): an empty fault")
            }
            return true
        }
        #expect(
            !FuzzRun.isWhole || report.accepted > report.count / 50 && report.refused > report.count / 50, "\(report)")
    }

    @Test("A session that names files elsewhere is none", arguments: ["../../../dev/zero", "/etc/passwd", "..", ""])
    func paths(_ file: String) throws {
        #expect((try? Session(json: Data(Self.session.utf8))) != nil)
        let json = Self.session.replacing("metrics.jsonl", with: file)
        #expect((try? Session(json: Data(json.utf8))) == nil)
    }
}
