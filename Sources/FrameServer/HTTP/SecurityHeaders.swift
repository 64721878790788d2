/// Headers of every answer.
enum SecurityHeaders {
    static let all = [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        (
            "Content-Security-Policy",
            """
            default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' blob: data:; style-src 'self'; \
            base-uri 'none'; frame-ancestors 'self'; form-action 'none'
            """
        ),
    ]
}
