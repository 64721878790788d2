import NIOCore

/// The intervals of contract §4, in one place so that tests can shorten them.
struct ServerTimings: Sendable {
    /// Between pings; a peer that misses two pongs is gone.
    var ping = TimeAmount.seconds(15)
    /// A send that makes no progress for this long ends the connection.
    var stall = TimeAmount.seconds(2)
    /// A viewer that acknowledged before and is silent for this long gets no frames until it does again.
    var ackSilence = TimeAmount.seconds(4)
    /// How long a peer may take to answer a close before the socket is shut.
    var closeGrace = TimeAmount.seconds(1)
    /// How often a connection looks after itself.
    var housekeeping = TimeAmount.milliseconds(250)
    /// How long a new connection may take for its first request, and a viewer who needs a token to present it.
    var firstRequest = TimeAmount.seconds(10)
    /// How long the fragments of one message may take.
    var message = TimeAmount.seconds(10)
    /// How long an idle connection is kept.
    var idle = TimeAmount.seconds(60)
    /// How often it is looked whether the certificate's files changed.
    var certificateWatch = TimeAmount.seconds(1)
    /// Frames a peer may send in a second.
    var messagesPerSecond = 500
}

extension TimeAmount {
    var microseconds: UInt64 { UInt64(max(0, nanoseconds / 1_000)) }
}
