import Foundation
import Glibc
import JSONLines
import PhiModel
import SessionStore

/// A session in one file, for other programs. Written line by line, so that a session of hours needs no memory.
struct SessionExport {
    enum Format: String, CaseIterable { case json, csv }

    let session: Session
    let folder: String

    /// Writes to `output`; returns how many samples there were.
    func write(_ format: Format, to output: FileHandle) throws -> Int {
        switch format {
        case .json: try writeJSON(to: output)
        case .csv: try writeCSV(to: output)
        }
    }

    private func writeJSON(to output: FileHandle) throws -> Int {
        var text = "{\"session\": " + (try SessionText.json(session))
        var count = 0
        for name in ["metrics", "phi", "controls"] {
            text += ",\n\"\(name)\": ["
            var isFirst = true
            try eachLine(of: name) { line in
                guard (try? JSONDecoder().decode(Instant.self, from: Data(line))) != nil else { return }
                text += isFirst ? "\n" : ",\n"
                text += String(decoding: line, as: UTF8.self)
                isFirst = false
                if name == "metrics" { count += 1 }
                if text.utf8.count > 1 << 16 {
                    try output.write(contentsOf: Data(text.utf8))
                    text = ""
                }
            }
            text += "]"
        }
        try output.write(contentsOf: Data((text + "}\n").utf8))
        return count
    }

    private static let columns =
        [
            "t", "timestamp", "frame_id", "ici", "coherence", "criticality", "spectral_centroid",
            "consciousness_level", "state", "phi_phase", "phi_depth", "phi_frequency", "phi_mode",
            "coupling_strength",
        ]
        + (0..<EngineState.channelCount).flatMap { k in
            ["frequency", "amplitude", "phase", "enabled"].map { "ch\(k)_\($0)" }
        }
        + (0..<EngineState.channelCount).flatMap { i in
            ((i + 1)..<EngineState.channelCount).map { j in "coupling_\(i)_\(j)" }
        }

    private func writeCSV(to output: FileHandle) throws -> Int {
        var text = Self.columns.joined(separator: ",") + "\n"
        var count = 0
        try eachLine(of: "metrics") { line in
            guard let reading = try? StateReading(json: Data(line)), let t = reading.sessionTime else { return }
            text += row(reading.state, t) + "\n"
            count += 1
            if text.utf8.count > 1 << 16 {
                try output.write(contentsOf: Data(text.utf8))
                text = ""
            }
        }
        try output.write(contentsOf: Data(text.utf8))
        return count
    }

    private func row(_ state: EngineState, _ t: Double) -> String {
        var cells = [
            "\(t)", "\(state.timestamp)", "\(state.frameID)", "\(state.ici)", "\(state.coherence)",
            "\(state.criticality)", "\(state.spectralCentroid)", "\(state.consciousnessLevel)", state.label.name,
            "\(state.phi.phase)", "\(state.phi.depth)", "\(state.phi.frequency)", state.phi.mode.name,
            "\(state.couplingStrength)",
        ]
        for k in state.channels.indices {
            let channel = state.channels[k]
            cells += ["\(channel.frequency)", "\(channel.amplitude)", "\(channel.phase)", "\(channel.enabled)"]
        }
        for i in 0..<EngineState.channelCount {
            for j in (i + 1)..<EngineState.channelCount { cells.append("\(state.coupling[i, j])") }
        }
        return cells.joined(separator: ",")
    }

    /// A file that is missing has no lines; a torn last line is left out.
    private func eachLine(of name: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let reader: LineReader
        do { reader = try LineReader(path: "\(folder)/\(name).jsonl") } catch {
            if error.code == ENOENT { return }
            throw CommandError(
                .inputOutput,
                "\(error.path) cannot be read (\(String(cString: strerror(error.code)).lowercased())); check its permissions."
            )
        }
        while try reader.next({ try body($0) }) != nil {}
    }

    private struct Instant: Decodable { let t: Double }
}
