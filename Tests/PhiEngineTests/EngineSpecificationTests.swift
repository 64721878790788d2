import PhiEngine
import Testing

/// An input that gives nothing.
private struct Silence: SoundInput {
    let name = "mic"
    let count = 0
    let health = EngineHealth(.waiting)
    func read(into samples: UnsafeMutableBufferPointer<Float>) -> Bool { false }
    func stop() {}
}

@Suite("--engine")
struct EngineSpecificationTests {
    private func failure(_ text: String) -> EngineError? {
        do {
            _ = try EngineSpecification(parsing: text)
            return nil
        } catch {
            return error as? EngineError
        }
    }

    @Test("what there is")
    func known() throws {
        #expect(try EngineSpecification(parsing: "synthetic") == .synthetic)
        #expect(try EngineSpecification(parsing: "audio:a b/c:d.ogg") == .audio(AudioOptions(path: "a b/c:d.ogg")))
        #expect(try EngineSpecification(parsing: "audio:what?.ogg") == .audio(AudioOptions(path: "what?.ogg")))
        var audio = AudioOptions(path: "a.ogg")
        (audio.playback.speed, audio.playback.loops, audio.playback.start) = (0.5, false, 10)
        #expect(try EngineSpecification(parsing: "audio:a.ogg?speed=0.5&loop=0&start=10") == .audio(audio))
        #expect(try EngineSpecification(parsing: "mic") == .microphone(device: nil))
        #expect(try EngineSpecification(parsing: "mic:Monitor of Null: a") == .microphone(device: "Monitor of Null: a"))
        var session = SessionOptions(folder: "/a b/c?d")
        (session.speed, session.loops, session.start) = (2, false, 10)
        #expect(
            try EngineSpecification(parsing: "session:/a b/c?d/?speed=2&loop=0&start=10") == .session(session))
        #expect(try EngineSpecification.synthetic.makeSource(seed: 1).name == "synthetic")
    }

    @Test(
        "an audio file with an option that there is not, or that is out of range, is refused",
        arguments: [
            "audio:?speed=2", "audio:a?speed=5", "audio:a?speed=fast", "audio:a?loop=2", "audio:a?start=-1",
            "audio:a?x=1",
        ])
    func badAudio(text: String) { #expect(failure(text)?.kind == .usage) }

    @Test("what there never was is refused", arguments: ["", "Synthetic", "synthetic:1", "sine", "audio.ogg", ":x"])
    func unknown(text: String) {
        #expect(failure(text) == .unknownEngine(text))
    }

    @Test("audio without a file is refused", arguments: ["audio", "audio:"])
    func noFile(text: String) {
        #expect(failure(text) == .missingFileName)
    }

    @Test(
        "a session without a name, or with an option that there is not, is refused",
        arguments: ["session", "session:", "session:?speed=2", "session:a?speed=21", "session:a?fast"])
    func badSession(text: String) {
        #expect(failure(text)?.kind == .usage)
    }

    @Test("what runs elsewhere cannot be drawn offline", arguments: ["push", "mic", "soundlab:ws://localhost:9000"])
    func live(text: String) throws {
        let specification = try EngineSpecification(parsing: text)
        var caught: EngineError?
        do { _ = try specification.makeSource(seed: 1) } catch { caught = error as? EngineError }
        #expect(caught?.kind == .usage && caught?.description.contains("serve") == true)
        let source = try specification.makeSource(seed: 1, inbox: StateInbox(), microphone: { _ in Silence() })
        #expect(source.name == text)
    }

    @Test("a missing file is told when the source is made")
    func missingFile() throws {
        let specification = try EngineSpecification(parsing: "audio:/nowhere/x.ogg")
        var caught: EngineError?
        do { _ = try specification.makeSource(seed: 1) } catch { caught = error as? EngineError }
        #expect(caught == .fileNotFound(path: "/nowhere/x.ogg"))
    }
}
