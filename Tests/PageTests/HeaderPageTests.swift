import Foundation
import ProgramHarness
import Testing

extension PageTests.WhileItRuns {
    @Test("The page reads media headers as Tests/Vectors/media-header.json says")
    func headerVectors() async throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Vectors/media-header.json")
        let vectors = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        let outcome = try await browser.run(
            """
            return (async () => {
              const { parseFrame } = await import(new URL("header.js", document.baseURI));
              const { valid, invalid } = \(vectors);
              const buffer = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16)).buffer;
              const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
              const wrong = [];
              for (const vector of valid) {
                const frame = parseFrame(buffer(vector.hex));
                if (!frame) { wrong.push(`${vector.name}: not read`); continue; }
                const read = { ...frame, pts: String(frame.pts), payload: hex(frame.payload) };
                const wanted = { ...vector.fields, payload: vector.payload };
                for (const key of new Set([...Object.keys(read), ...Object.keys(wanted)])) {
                  if (read[key] !== wanted[key]) wrong.push(`${vector.name}: ${key} is ${read[key]}, not ${wanted[key]}`);
                }
              }
              for (const vector of invalid) if (parseFrame(buffer(vector.hex))) wrong.push(`${vector.name}: read`);
              return { checked: valid.length + invalid.length, wrong };
            })();
            """, as: Outcome.self)
        #expect(outcome.wrong.isEmpty)
        #expect(outcome.checked >= 20)
    }

    private struct Outcome: Decodable {
        let checked: Int
        let wrong: [String]
    }
}
