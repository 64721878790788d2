import Foundation
import ProgramHarness
import Testing

@Suite("serve over TLS", .serialized)
struct TLSCommandTests {
    private func makeCertificate(_ program: PhiMatrixProgram) async throws {
        let openssl = try Programs.find(
            ["openssl"], advice: "openssl is missing: install it with “apt-get install openssl”.")
        let outcome = try await ChildProcess(
            openssl,
            [
                "req", "-x509", "-days", "30", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", program.path("key.pem"),
                "-out", program.path("cert.pem"),
            ]
        ).finished(within: .seconds(20))
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    private func serveWithCertificate(_ program: PhiMatrixProgram) async throws -> (server: ChildProcess, port: String)
    {
        try await makeCertificate(program)
        let server = try program.start(
            ["serve", "--port", "0", "--size", "64x64"],
            environment: [
                "SOUNDLAB_TLS_CERT": program.path("cert.pem"), "SOUNDLAB_TLS_KEY": program.path("key.pem"),
            ])
        return (server, try await server.captured(/https:\/\/127\.0\.0\.1:(\d+)\/\n/, within: .seconds(20)))
    }

    @Test("prints an https URL, and answers a client that trusts the certificate")
    func serve() async throws {
        try await withProgram { program in
            let (server, port) = try await serveWithCertificate(program)
            let openssl = try Programs.find(["openssl"], advice: "openssl is missing.")
            let client = try await ChildProcess(
                openssl,
                [
                    "s_client", "-connect", "127.0.0.1:\(port)", "-CAfile", program.path("cert.pem"), "-verify_ip",
                    "127.0.0.1", "-verify_return_error", "-brief", "-tls1_3",
                ]
            ).finished(within: .seconds(20))
            #expect(client.errors.contains("Verification: OK"), "\(client.errors)")
            #expect(try #require(await server.stop()).status == 0)
        }
    }

    @Test("is examined by smoke where the authority is given, and else is not trusted")
    func smoke() async throws {
        try await withProgram { program in
            let (server, port) = try await serveWithCertificate(program)
            let url = "https://127.0.0.1:\(port)"
            let stranger = try await program.run(["smoke", "--url", url])
            #expect(stranger.status == 69 && stranger.errors.contains("give the authority's with --ca-file"))
            let smoke = try await program.run(["smoke", "--url", url, "--ca-file", program.path("cert.pem")])
            #expect(smoke.status == 0, "\(smoke.text)\(smoke.errors)")
            #expect(try #require(await server.stop()).status == 0)
        }
    }

    @Test(
        "refuses a certificate without a key, and files that are none",
        arguments: [("cert.pem", "", 64 as Int32), ("missing.pem", "key.pem", 74), ("key.pem", "key.pem", 65)])
    func mistakes(certificate: String, key: String, status: Int32) async throws {
        try await withProgram { program in
            try await makeCertificate(program)
            let outcome = try await program.run(
                ["serve", "--port", "0", "--size", "64x64"],
                environment: [
                    "SOUNDLAB_TLS_CERT": program.path(certificate),
                    "SOUNDLAB_TLS_KEY": key.isEmpty ? "" : program.path(key),
                ])
            #expect(outcome.status == status)
            #expect(outcome.errors.contains("SOUNDLAB_TLS_"), "\(outcome.errors)")
        }
    }
}
