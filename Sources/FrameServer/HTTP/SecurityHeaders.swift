/// Headers of every answer.
struct SecurityHeaders: Sendable {
    let all: [(name: String, value: String)]

    /// - Parameter isSecure: Whether the port speaks TLS. Browsers are then told to come with nothing else for a year, and
    ///   to keep other sites' windows apart; the latter they refuse over plain connections, with an error in the console.
    init(isSecure: Bool) {
        var all = [
            (name: "X-Content-Type-Options", value: "nosniff"),
            (name: "Referrer-Policy", value: "no-referrer"),
            (name: "X-Frame-Options", value: "SAMEORIGIN"),
            (name: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
            (
                name: "Content-Security-Policy",
                value: """
                default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' blob: data:; style-src 'self'; \
                object-src 'none'; base-uri 'none'; frame-ancestors 'self'; form-action 'none'
                """
            ),
        ]
        if isSecure {
            all.append((name: "Strict-Transport-Security", value: "max-age=31536000"))
            all.append((name: "Cross-Origin-Opener-Policy", value: "same-origin"))
        }
        self.all = all
    }
}
