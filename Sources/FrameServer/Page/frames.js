// The stream of pictures: handshake, media, acknowledgements.

import { ServerClock } from "./clock.js";
import { parseFrame } from "./header.js";
import { LastSecond } from "./recent.js";
import { Painter } from "./painter.js";
import { ReconnectingSocket } from "./reconnect.js";

const PROTOCOL = "phi-frames.v1";
const SILENCE_MS = 6_000;
const STALLED_MS = 2_000;
const FIRST_PINGS = 5;
const FIRST_PING_MS = 150;
const PING_MS = 2_000;

export class FrameStream {
  #on;
  #socket;
  #painter;
  #clock = new ServerClock();
  #latency = new LastSecond();
  #decode = new LastSecond();
  #pingTimer = 0;
  #refusal = null;
  #lastSeq = 0;
  #lastFrameAt = 0;
  #wasLive = false;
  #subscribed = false;
  #streaming = false;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {{connecting: () => void, live: () => void, stalled: () => void, config: (config: object) => void,
   *   stats: (stats: object) => void, broken: () => void, painted: () => void,
   *   down: (reason: {retryInMs: number | null, message: string}) => void}} on
   */
  constructor(canvas, on) {
    this.#on = on;
    this.#painter = new Painter(canvas, { onPaint: (frame) => this.#painted(frame), onBroken: on.broken });
    this.#socket = new ReconnectingSocket({
      path: "ws/frames",
      protocol: PROTOCOL,
      silenceMs: SILENCE_MS,
      onMessage: (data) => this.#receive(data),
      onDown: ({ retryInMs }) => this.#down(retryInMs),
      mayRetry: () => this.#leastDelay(),
    });
    document.addEventListener("visibilitychange", () => this.#visibilityChanged());
    setInterval(() => this.#watch(), 500);
  }

  connect() {
    this.#refusal = null;
    this.#on.connecting();
    this.#socket.connect();
  }

  /** What this page sees of the stream, over the last second. */
  get figures() {
    return {
      fps: this.#latency.rate(),
      latency: this.#latency.quantile(0.5),
      latencyTail: this.#latency.quantile(0.95),
      decode: this.#decode.quantile(0.5),
      roundTrip: this.#clock.roundTrip,
      dropped: this.#painter.dropped,
    };
  }

  #receive(data) {
    if (data instanceof ArrayBuffer) return this.#media(data);
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      return;
    }
    switch (message.type) {
      case "hello": return this.#hello(message);
      case "config": return this.#on.config(message);
      case "stats": return this.#on.stats(message);
      case "pong": return this.#clock.pong(message);
      case "error": this.#refusal = message;
    }
  }

  #hello(hello) {
    this.#clock.reset(hello.clock);
    this.#socket.send({ type: "subscribe", codecs: ["jpeg"], max_fps: 60 });
    this.#subscribed = true;
    this.#lastFrameAt = performance.now();
    if (document.hidden) this.#acknowledge();
    this.#pingSoon(FIRST_PINGS);
  }

  #pingSoon(quickOnes) {
    clearTimeout(this.#pingTimer);
    this.#pingTimer = setTimeout(() => {
      if (this.#socket.send(this.#clock.ping())) this.#pingSoon(quickOnes - 1);
    }, quickOnes > 0 ? FIRST_PING_MS : PING_MS);
  }

  #media(buffer) {
    if (document.hidden) return;
    const frame = parseFrame(buffer);
    if (!frame) return this.#on.broken();
    this.#lastFrameAt = performance.now();
    this.#lastSeq = frame.seq;
    this.#painter.offer({ ...frame, arrivedAt: this.#lastFrameAt });
  }

  #painted(frame) {
    const now = performance.now();
    this.#latency.add(this.#clock.since(frame.pts, now), now);
    this.#decode.add(frame.decodedAt - frame.arrivedAt, now);
    this.#acknowledge(frame.seq, frame.decodedAt - frame.arrivedAt, now - frame.arrivedAt);
    if (!this.#streaming) {
      this.#streaming = true;
      this.#wasLive = true;
      this.#refusal = null;
      this.#on.live();
    }
    this.#on.painted();
  }

  /**
   * Times are milliseconds since the frame arrived; `dropped` counts from the page's start. Without a frame it answers
   * for all that arrived, painted or not: a server whose window is full of frames lost here would wait for ever.
   */
  #acknowledge(seq = this.#lastSeq, decodedMs = 0, presentedMs = 0) {
    this.#socket.send({
      type: "ack",
      seq,
      decoded_ms: round(decodedMs),
      presented_ms: round(presentedMs),
      dropped: this.#painter.dropped,
      decode_queue: this.#painter.queue,
      visible: !document.hidden,
    });
  }

  #visibilityChanged() {
    this.#lastFrameAt = performance.now();
    if (document.hidden) this.#painter.clear();
    if (this.#subscribed) this.#acknowledge();
  }

  /** A server pauses a viewer that acknowledges nothing; so a page that waits says that it is still there. */
  #watch() {
    if (!this.#subscribed || document.hidden) return;
    if (performance.now() - this.#lastFrameAt < STALLED_MS) return;
    this.#streaming = false;
    this.#acknowledge();
    this.#on.stalled();
  }

  #leastDelay() {
    if (!this.#refusal) return 0;
    return this.#refusal.retryable === false ? false : this.#refusal.retry_after_ms ?? 0;
  }

  #down(retryInMs) {
    clearTimeout(this.#pingTimer);
    this.#subscribed = false;
    this.#streaming = false;
    this.#painter.clear();
    this.#on.down({ retryInMs, message: this.#refusal?.message ?? this.#unreachable() });
    this.#refusal = null;
  }

  #unreachable() {
    return this.#wasLive ? "The connection to the renderer is lost." : "The renderer cannot be reached.";
  }
}

function round(milliseconds) {
  return Math.round(milliseconds * 100) / 100;
}
