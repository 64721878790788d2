import FrameCodec
import FrameServer

/// Shows the live outputs to the server.
struct OutputAdapter: OutputPort {
    let live: LiveOutputs

    var outputs: [OutputStatus] { live.status }
}
