import Fuzz
import Testing

@testable import ControlInput

@Suite(.timeLimit(.minutes(12)))
struct PacketFuzzTests {
    @Test("Damaged packets of Open Sound Control are refused or read")
    func packets() throws {
        func padded(_ text: String) -> [UInt8] {
            Array(text.utf8) + Array(repeating: 0, count: 4 - text.utf8.count % 4)
        }
        let one = padded("/channel/{0,[1-3]}/ampl*") + padded(",fsihdb") + (0..<48).map { UInt8($0) }
        let two = padded("/phi/depth") + padded(",f") + [0x3F, 0, 0, 0]
        let bundle =
            padded("#bundle") + [0, 0, 0, 0, 0, 0, 0, 1] + [0, 0, 0, UInt8(two.count)] + two + [
                0, 0, 0, UInt8(one.count),
            ] + one
        let report = try FuzzRun("osc", seed: 41).run(short: 8_000) { _, random in
            let bytes = Damage.bytes(random.one(of: [one, two, bundle, bundle]), using: &random)
            guard let messages = try? OSCPacket.messages(bytes) else { return false }
            _ = messages.flatMap(OSCMap.commands)
            return true
        }
        #expect(
            !FuzzRun.isWhole || report.accepted > report.count / 50 && report.refused > report.count / 50, "\(report)")
    }
}
