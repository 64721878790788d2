import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import Testing

@testable import ControlInput

struct OSCTests {
    /// A message as Open Sound Control 1.0 writes it.
    private static func packet(_ address: String, _ tags: String, _ arguments: [UInt8]) -> [UInt8] {
        padded(address) + padded("," + tags) + arguments
    }

    private static func padded(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8) + [0]
        return bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
    }

    private static func float(_ value: Float) -> [UInt8] {
        let bits = value.bitPattern
        return [UInt8(bits >> 24), UInt8(bits >> 16 & 255), UInt8(bits >> 8 & 255), UInt8(bits & 255)]
    }

    private static func commands(_ bytes: [UInt8]) throws -> [ControlCommand] {
        try OSCPacket.messages(bytes).flatMap(OSCMap.commands)
    }

    @Test("Addresses are commands, whatever type the number has")
    func addresses() throws {
        #expect(try Self.commands(Self.packet("/phi/depth", "f", Self.float(1.25))) == [.phiDepth(1.25)])
        #expect(try Self.commands(Self.packet("/phi/phase", "d", [0x40, 0, 0, 0, 0, 0, 0, 0])) == [.phiPhase(2)])
        #expect(try Self.commands(Self.packet("/scene", "s", Self.padded("field"))) == [.scene("field")])
        #expect(try Self.commands(Self.packet("/scene", "i", [0, 0, 0, 3])) == [.sceneNumber(3)])
        #expect(try Self.commands(Self.packet("/preset", "s", Self.padded("deep"))) == [.preset("deep")])
        #expect(
            try Self.commands(Self.packet("/channel/5/amplitude", "f", Self.float(0.5))) == [.channelAmplitude(5, 0.5)])
        #expect(try Self.commands(Self.packet("/channel/{1,3}/amplitude", "f", Self.float(1))).count == 2)
        #expect(try Self.commands(Self.packet("/channel/*/amplitude", "f", Self.float(1))).count == 8)
    }

    @Test("What means nothing here, or does not fit, is no command")
    func unknown() throws {
        #expect(try Self.commands(Self.packet("/channel/8/amplitude", "f", Self.float(1))).isEmpty)
        #expect(try Self.commands(Self.packet("/phi/depth", "s", Self.padded("1"))).isEmpty)
        #expect(try Self.commands(Self.packet("/phi/depth", "f", Self.float(.nan))).isEmpty)
        #expect(try Self.commands(Self.packet("/phi/depth", "", [])).isEmpty)
        #expect(try Self.commands(Self.padded("/phi/depth")).isEmpty)
    }

    @Test("Bundles are taken apart, also bundles in bundles")
    func bundles() throws {
        func bundle(_ parts: [[UInt8]]) -> [UInt8] {
            Self.padded("#bundle") + [0, 0, 0, 0, 0, 0, 0, 1] + parts.flatMap { [0, 0, 0, UInt8($0.count)] + $0 }
        }
        let depth = Self.packet("/phi/depth", "f", Self.float(1)), scene = Self.packet("/scene", "i", [0, 0, 0, 1])
        #expect(try Self.commands(bundle([depth, bundle([scene])])) == [.phiDepth(1), .sceneNumber(1)])
        var deep = depth
        for _ in 0..<9 { deep = bundle([deep]) }
        #expect(throws: OSCError.tooDeep) { try OSCPacket.messages(deep) }
    }

    @Test(
        "Malformed packets are refused, and never more than that",
        arguments: [[], [47], [47, 97, 0, 0, 44, 102, 0, 0, 1], [120, 0, 0, 0]]
            as [[UInt8]])
    func malformed(_ bytes: [UInt8]) { #expect(throws: OSCError.self) { try OSCPacket.messages(bytes) } }

    @Test("Random bytes and broken packets crash nothing", arguments: 1...4)
    func fuzz(_ seed: Int) {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
        func random() -> UInt8 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        let model = Self.packet("/channel/{0,[1-3]}/ampl*", "fsihd", (0..<40).map { UInt8($0) })
        var read = 0
        for _ in 0..<20_000 {
            var bytes = model
            for _ in 0..<Int(random() % 4) { bytes[Int(random()) % bytes.count] = random() }
            if random() < 64 { bytes.removeLast(Int(random()) % bytes.count) }
            if let messages = try? OSCPacket.messages(bytes) {
                read += 1
                _ = messages.flatMap(OSCMap.commands)
            }
        }
        #expect(read > 100)
    }

    @Test(
        "Patterns",
        arguments: [
            ("/a/b", "/a/b", true), ("/a/?", "/a/b", true), ("/a/?", "/a/", false), ("/*/b", "/a/b", true),
            ("/*", "/a/b", false), ("/[a-c]", "/b", true), ("/[!a-c]", "/b", false), ("/{foo,ba}r", "/bar", true),
            ("/{foo,ba", "/ba", false), ("/[ab", "/a", false),
            ("/******************************x", "/aaaaaaaaaaaaaaaaaaaaaaaaaa", false),
        ])
    func patterns(_ pattern: String, _ address: String, _ fits: Bool) {
        #expect(OSCPattern.matches(pattern, address) == fits)
    }

    @Test("Packets over UDP become commands; what is none is counted")
    func udp() async throws {
        let box = Taken()
        let listener = OSCListener(host: "127.0.0.1", port: 0, logger: Logger(label: "test")) { box.add($0) }
        let task = Task { try await listener.run() }
        while listener.port == nil { try await Task.sleep(for: .milliseconds(10)) }
        let port = try #require(listener.port)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let sender = try await DatagramBootstrap(group: group).bind(host: "127.0.0.1", port: 0).get()
        let target = try SocketAddress(ipAddress: "127.0.0.1", port: port)
        for bytes in [
            Self.packet("/phi/depth", "f", Self.float(0.5)), [1, 2, 3], Self.packet("/other", "i", [0, 0, 0, 1]),
        ] {
            try await sender.writeAndFlush(AddressedEnvelope(remoteAddress: target, data: ByteBuffer(bytes: bytes)))
        }
        for _ in 0..<200 where listener.counts.messages + listener.counts.malformed < 3 {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(box.all == [.phiDepth(0.5)])
        #expect(listener.counts == OSCListener.Counts(messages: 2, unknown: 1, malformed: 1))
        task.cancel()
        try await task.value
        try await group.shutdownGracefully()
    }

    private final class Taken: Sendable {
        private let commands = Mutex<[ControlCommand]>([])

        var all: [ControlCommand] { commands.withLock { $0 } }

        func add(_ command: ControlCommand) { commands.withLock { $0.append(command) } }
    }
}

struct MIDITests {
    @Test("The wheel is the depth, the bend the phase, notes of an octave the scenes")
    func map() {
        #expect(MIDIMap.command(.controller(1, 0), scenes: 6) == .phiDepth(0))
        #expect(MIDIMap.command(.controller(1, 127), scenes: 6) == .phiDepth(1.618033988749895))
        #expect(MIDIMap.command(.controller(7, 127), scenes: 6) == nil)
        #expect(MIDIMap.command(.pitchBend(0), scenes: 6) == .phiPhase(0))
        #expect(MIDIMap.command(.pitchBend(4_096), scenes: 6) == .phiPhase(.pi / 2))
        #expect(MIDIMap.command(.pitchBend(-4_096), scenes: 6) == .phiPhase(1.5 * .pi))
        #expect(MIDIMap.command(.noteOn(60, velocity: 100), scenes: 6) == .sceneNumber(0))
        #expect(MIDIMap.command(.noteOn(65, velocity: 1), scenes: 6) == .sceneNumber(5))
        #expect(MIDIMap.command(.noteOn(66, velocity: 1), scenes: 6) == nil)
        #expect(MIDIMap.command(.noteOn(60, velocity: 0), scenes: 6) == nil)
    }
}
