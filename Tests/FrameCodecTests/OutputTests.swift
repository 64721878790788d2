import Testing

@testable import FrameCodec

@Suite("Live outputs") struct OutputTests {
    @Test(
        "targets are parsed, and named without secrets",
        arguments: [
            ("rtsp://user:secret@host:8554/cam", "rtsp://user:secret@host:8554/cam", "rtsp://***@host:8554/***"),
            ("rtmp://live.example/app/secret/", "rtmp://live.example/app/secret/", "rtmp://live.example/app/***"),
            ("rtmp://live.example/secret", "rtmp://live.example/secret", "rtmp://live.example/***"),
            ("rtmp://live.example/app/secret", "rtmp://live.example/app/secret", "rtmp://live.example/app/***"),
            ("RTMPS://a/b/c?token=secret", "rtmps://a/b/c?token=secret", "rtmps://a/b/***?token=***"),
            ("rtmp://a/app", "rtmp://a/app", "rtmp://a/***"),
            (
                "srt://host:9000?mode=caller&passphrase=secret&streamid=secret",
                "srt://host:9000?mode=caller&passphrase=secret&streamid=secret",
                "srt://host:9000?mode=***&passphrase=***&streamid=***"
            ),
            ("srt://:9000?mode=listener", "srt://:9000?mode=listener", "srt://:9000?mode=***"),
            ("hls:/var/www/live", "/var/www/live", "hls:/var/www/live"), ("hls:out", "out", "hls:out"),
        ])
    func targets(text: String, address: String, name: String) throws {
        let target = try OutputTarget(parsing: text)
        #expect(target.address == address)
        #expect(target.name == name)
        #expect(!target.name.contains("secret"))
    }

    @Test(
        "what is no target is explained",
        arguments: [
            ("", "rtsp://"), ("nowhere", "rtsp://"), ("ftp://a/b", "rtsp://"), ("hls:", "folder"),
            ("hls://a/b", "folder"), ("rtmp:", "host"), ("rtmp://", "host"), ("rtmp:///live", "host"),
            ("rtsp://user:secret@", "host"), ("udp://user:secret@host", "srt://"),
        ])
    func mistakes(text: String, says: String) {
        #expect {
            try OutputTarget(parsing: text)
        } throws: { error in
            "\(error)".contains(says) && !"\(error)".contains("secret")
        }
    }

    @Test("waits grow from one second to thirty, at random within each, and begin anew after a success")
    func backoff() {
        var generator = SystemRandomNumberGenerator()
        var seen: [[Double]] = Array(repeating: [], count: 9)
        for _ in 0..<200 {
            var backoff = Backoff()
            for n in seen.indices { seen[n].append(backoff.next(using: &generator)) }
            backoff.reset()
            #expect(backoff.next(using: &generator) == 1)
        }
        for (n, waits) in seen.enumerated() {
            let most = min(30, Double(1 << n))
            #expect(waits.allSatisfy { $0 >= max(1, most / 2) && $0 <= most })
            if n > 0 { #expect(Set(waits).count > 100) }
        }
    }
}
