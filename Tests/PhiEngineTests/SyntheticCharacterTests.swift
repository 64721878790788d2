import Foundation
import PhiModel
import Testing

@testable import PhiEngine

@Suite("Character of the synthetic engine")
struct SyntheticCharacterTests {
    /// What a preset of the folder presets/ says, as the program reads it.
    private static func settings(_ name: String) throws -> EngineSettings {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../presets/\(name).json").standardizedFileURL
        let preset = try Preset(json: Data(contentsOf: file), source: name)
        var settings = EngineSettings(couplingStrength: try #require(preset.couplingStrength))
        settings.phi.frequency = preset.phi?.frequency ?? settings.phi.frequency
        for (k, channel) in (preset.channels ?? []).enumerated() {
            settings.channels[k].frequency = channel.frequency ?? settings.channels[k].frequency
            settings.channels[k].amplitude = channel.amplitude ?? settings.channels[k].amplitude
        }
        settings.character.couplingBase = preset.engine?.coupling?.base ?? settings.character.couplingBase
        settings.character.couplingSwing = preset.engine?.coupling?.swing ?? settings.character.couplingSwing
        settings.character.spread = preset.engine?.spread ?? settings.character.spread
        settings.character.drift = preset.engine?.drift ?? settings.character.drift
        return settings
    }

    /// States of `seconds` seconds, ten a second.
    private static func states(_ settings: EngineSettings, seed: UInt64 = 1, seconds: Int) -> [EngineState] {
        let source = SyntheticSource(seed: seed, settings: settings)
        return (0...(10 * seconds)).map { n in
            var state = EngineState()
            source.advance(to: Double(n) / 10, into: &state)
            return state
        }
    }

    /// The hash of all bits of states, FNV-1a.
    private static func hash(_ states: [EngineState]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for bits in states.lazy.flatMap(fingerprint) {
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                hash = (hash ^ (bits >> shift & 0xFF)) &* 0x100_0000_01B3
            }
        }
        return hash
    }

    @Test("the same character gives the same states, bit for bit, and every part of it gives others")
    func determinism() throws {
        var hashes: Set<UInt64> = []
        var characters = [SyntheticCharacter()]
        characters.append(SyntheticCharacter(couplingBase: 0.2))
        characters.append(SyntheticCharacter(couplingSwing: 0.3))
        characters.append(SyntheticCharacter(spread: 0.7))
        characters.append(SyntheticCharacter(drift: 0.2))
        for character in characters {
            let settings = EngineSettings(character: character)
            let hash = Self.hash(Self.states(settings, seconds: 3))
            #expect(Self.hash(Self.states(settings, seconds: 3)) == hash)
            hashes.insert(hash)
        }
        #expect(hashes.count == characters.count)
    }

    @Test(
        "with the preset edge criticality goes up and down through 1 every minute, and the channels fall into step and out"
    )
    func edge() throws {
        let settings = try Self.settings("edge")
        for seed in [UInt64(0), 1, 7] {
            let all = Self.states(settings, seed: seed, seconds: 120)
            // With a margin on both sides, so that what is counted can be seen.
            var crossings = 0, isAbove: Bool?
            for state in all {
                let now: Bool? = state.criticality > 1.1 ? true : state.criticality < 0.9 ? false : nil
                guard let now else { continue }
                if let isAbove, isAbove != now { crossings += 1 }
                isAbove = now
            }
            // Six breaths of Φ, there and back, less those that the tide of the coupling holds on one side.
            #expect((8...13).contains(crossings), "seed \(seed): \(crossings)")
            func coherence(_ isWanted: (Double) -> Bool) -> Double {
                let some = all.filter { isWanted($0.criticality) }.map(\.coherence)
                return some.reduce(0, +) / Double(max(some.count, 1))
            }
            let (low, high) = (coherence { $0 < 0.8 }, coherence { $0 > 1.3 })
            #expect(high - low > 0.2, "seed \(seed): \(low) and \(high)")
        }
    }

    @Test("drift moves criticality while frequencies, and so the colours, stay")
    func drift() {
        var settings = EngineSettings(phi: PhiModulation(mode: .manual, depth: 0.618))
        settings.character = SyntheticCharacter(couplingBase: 0.5, couplingSwing: 0, drift: 0.4)
        let all = Self.states(settings, seconds: 60)
        settings.character.drift = 0
        let still = Self.states(settings, seconds: 60)
        func swing(_ states: [EngineState]) -> Double {
            // What the coupling's tide does is the same in both.
            let ratios = zip(states, still).map { $0.criticality / $1.criticality }
            return (ratios.max() ?? 0) - (ratios.min() ?? 0)
        }
        #expect(swing(all) > 0.3 && swing(still) == 0)
        for state in all {
            for k in 0..<8 { #expect(state.channels[k].frequency == settings.channels[k].frequency) }
        }
    }

    @Test("the farthest characters stay finite and in range", arguments: [-1.0, 1], [0.0, 2])
    func extremes(base: Double, spread: Double) {
        let character = SyntheticCharacter(couplingBase: base, couplingSwing: 2, spread: spread, drift: 0.5)
        var sanitizer = StateSanitizer()
        for var state in Self.states(EngineSettings(couplingStrength: 2, character: character), seconds: 30) {
            sanitizer.sanitize(&state)
        }
        #expect(sanitizer.replacedCount == 0 && sanitizer.clampedCount == 0)
    }

    @Test("another character comes in within a second and without a jump")
    func change() {
        let other = EngineSettings(
            character: SyntheticCharacter(couplingBase: -0.5, couplingSwing: 0.2, spread: 0.5, drift: 0.5))
        let source = SyntheticSource(seed: 1)
        var before = EngineState(), after = EngineState()
        source.advance(to: 3, into: &before)
        source.apply(other)
        for n in 361...520 {
            source.advance(to: Double(n) / 120, into: &after)
            for i in 0..<8 {
                for j in 0..<8 { #expect(abs(after.coupling[i, j] - before.coupling[i, j]) < 0.08) }
                #expect(abs(log(after.channels[i].frequency / before.channels[i].frequency)) < 0.03)
            }
            before = after
        }
        let wanted = ChannelState.frequencies(of: other.channels, spread: 0.5)
        for k in 0..<8 { #expect(after.channels[k].frequency == wanted[k]) }
    }
}
