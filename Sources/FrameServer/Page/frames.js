// The stream of pictures: handshake, media, what becomes of every frame.

import { Acknowledgements } from "./acks.js";
import { ServerClock } from "./clock.js";
import { displayName, family, STILLS } from "./codecs.js";
import { Drops } from "./drops.js";
import { parseFrame, VIDEO } from "./header.js";
import { DecoderLadder, describe } from "./ladder.js";
import { MarkReader } from "./mark.js";
import { Painter } from "./painter.js";
import { Recent } from "./recent.js";
import { ReconnectingSocket } from "./reconnect.js";
import { StillDecoding } from "./stills.js";
import { VideoDecoding } from "./video.js";
import { forcedCodec, StreamWish } from "./wish.js";

const PROTOCOL = "phi-frames.v1";
const SILENCE_MS = 6_000;
const STALLED_MS = 2_000;
const FIRST_PINGS = 5;
const FIRST_PING_MS = 150;
const PING_MS = 2_000;
const FIGURES_MS = 10_000;
const MARK_MS = 100;

export class FrameStream {
  #on;
  #socket;
  #canvas;
  #painter;
  #stills;
  #video;
  #ladder = new DecoderLadder(forcedCodec);
  #wish;
  #acks;
  #clock = new ServerClock();
  #drops = new Drops();
  #painted = new Recent();
  #latency = new Recent();
  #latencies = new Recent(FIGURES_MS);
  #decode = new Recent(FIGURES_MS);
  #mark = new MarkReader();
  #marks = new Recent(FIGURES_MS);
  #markReadAt = 0;
  #pingTimer = 0;
  #connection = 0;
  #arrivals = 0;
  #refusal = null;
  #serverCodecs = null;
  #limit = null;
  #config = null;
  #lastFrameAt = 0;
  #wasLive = false;
  #subscribed = false;
  #streaming = false;
  #looksAway = false;

  /** Whether latency marks in the picture are looked for; that costs a little. */
  readsMarks = false;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {{connecting: () => void, live: () => void, stalled: () => void, config: (config: object) => void,
   *   fallback: (sentence: string) => void, stats: (stats: object) => void, broken: () => void, painted: () => void,
   *   down: (reason: {retryInMs: number | null, message: string}) => void}} on
   *   `config` tells what the server sends, `how` it is decoded, and the `reason` where it is not the best.
   */
  constructor(canvas, on) {
    this.#on = on;
    this.#canvas = canvas;
    const dropped = (frame, reason) => this.#dropped(frame, reason);
    this.#painter = new Painter(canvas, { painted: (frame) => this.#wasPainted(frame), dropped });
    const picture = (frame, picture, decodedAt) => this.#painter.offer({ ...frame, decodedAt }, picture);
    this.#stills = new StillDecoding({ picture, dropped });
    this.#video = new VideoDecoding({ picture, dropped, failed: (...how) => this.#decoderFailed(...how) });
    this.#wish = new StreamWish(canvas, () => { if (this.#subscribed) this.#subscribe(); });
    this.#socket = new ReconnectingSocket({
      path: "ws/frames",
      protocol: PROTOCOL,
      silenceMs: SILENCE_MS,
      onMessage: (data) => this.#receive(data),
      onDown: ({ retryInMs }) => this.#down(retryInMs),
      mayRetry: () => this.#leastDelay(),
    });
    this.#acks = new Acknowledgements((message) => this.#socket.send(message), () => ({
      dropped: this.#drops.total,
      decode_queue: this.#video.queue + this.#stills.queue + this.#painter.queue,
      visible: !document.hidden && !this.#looksAway,
    }));
    document.addEventListener("visibilitychange", () => this.#visibilityChanged());
    setInterval(() => this.#watch(), 500);
  }

  connect() {
    this.#refusal = null;
    this.#on.connecting();
    this.#socket.connect();
  }

  /** What this page sees of the stream: rates over the last second, times over the last ten. */
  get figures() {
    return {
      codec: this.#config && this.#how(),
      size: this.#canvas.width && this.#wasLive ? [this.#canvas.width, this.#canvas.height] : null,
      fps: this.#painted.rate(),
      bitrate: this.#painted.flow() * 8,
      latency: this.#latency.quantile(0.5),
      latencies: this.#latencies.tails(),
      stateLatencies: this.#marks.tails(),
      decode: this.#decode.tails(),
      roundTrip: this.#clock.roundTrip,
      drops: this.#drops.byReason,
      reason: this.#reason(),
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
      case "config":
        this.#config = message;
        return this.#tellConfig();
      case "stats":
        this.#follow(message.limit ?? null);
        return this.#on.stats(message);
      case "pong": return this.#clock.pong(message);
      case "error": this.#refusal = message;
    }
  }

  // What is asked for

  async #hello(hello) {
    const connection = ++this.#connection;
    this.#clock.reset(hello.clock);
    this.#acks.reset();
    this.#painter.restart();
    this.#video.reset();
    this.#stills.reset();
    this.#serverCodecs = hello.codecs ?? null;
    this.#wish.follow(hello.streams);
    this.#pingSoon(FIRST_PINGS);
    await this.#ladder.ready;
    if (connection !== this.#connection) return;
    this.#subscribe();
    this.#subscribed = true;
    this.#lastFrameAt = performance.now();
    if (document.hidden) this.#acks.all();
  }

  #subscribe() {
    this.#socket.send({ type: "subscribe", codecs: this.#ladder.codecs, ...this.#wish.take() });
  }

  /** One rung lower: the next way to decode the same codec, or the next codec. */
  #decoderFailed(codec, acceleration, why) {
    if (!this.#ladder.failed(codec, acceleration, why)) return;
    this.#on.fallback(this.#ladder.reason);
    if (this.#config) this.#tellConfig();
    if (!this.#subscribed) return;
    if (!this.#ladder.rung(codec)) return this.#subscribe();
    // The stream stays; to begin anew with a key frame it has to be looked away from.
    this.#looksAway = true;
    this.#acks.all();
    this.#looksAway = false;
    this.#acks.all();
  }

  #tellConfig() {
    const fps = Math.min(this.#limit?.fps ?? Infinity, this.#config.fps);
    this.#on.config({ ...this.#config, fps, how: this.#how(), reason: this.#reason() });
  }

  /** The stream has fewer frames for a while, or all of them again. */
  #follow(limit) {
    const isNews = limit?.fps !== this.#limit?.fps || limit?.cause !== this.#limit?.cause;
    this.#limit = limit;
    if (isNews && this.#config) this.#tellConfig();
  }

  /** Why there are fewer frames than the stream could have. */
  #scarcity() {
    if (!this.#limit) return null;
    const cause = this.#limit.cause === "server" ? "The server has too many viewers" : "A viewer's line is too slow";
    return `${cause} for every frame, so there are ${Math.round(this.#limit.fps)} a second at present.`;
  }

  /** Such as "H.264 in software". */
  #how() {
    const { codec } = this.#config;
    const rung = this.#ladder.rung(codec);
    return rung ? describe({ codec, acceleration: rung.acceleration }) : displayName(codec);
  }

  #reason() {
    const reasons = [this.#scarcity(), this.#ladder.reason, this.#missing(), sentence(this.#config?.reason)];
    return reasons.filter(Boolean).join(" ");
  }

  /** What was asked for and the server does not have. */
  #missing() {
    const wanted = this.#ladder.codecs.filter((codec) => codec !== STILLS);
    if (!this.#serverCodecs || !wanted.length) return null;
    const served = this.#serverCodecs.map(family);
    if (wanted.some((codec) => served.includes(family(codec)))) return null;
    return `The server has no ${wanted.map(displayName).join(", ")}, so this is JPEG.`;
  }

  #pingSoon(quickOnes) {
    clearTimeout(this.#pingTimer);
    this.#pingTimer = setTimeout(() => {
      if (this.#socket.send(this.#clock.ping())) this.#pingSoon(quickOnes - 1);
    }, quickOnes > 0 ? FIRST_PING_MS : PING_MS);
  }

  // What becomes of a frame

  #media(buffer) {
    const parsed = parseFrame(buffer);
    if (!parsed) return this.#on.broken();
    const now = performance.now();
    const frame = { ...parsed, bytes: buffer.byteLength, arrivedAt: now, arrival: ++this.#arrivals };
    this.#lastFrameAt = now;
    this.#acks.arrived(frame);
    if (document.hidden) return this.#dropped(frame, "looked away");
    if (frame.type !== VIDEO) return this.#stills.decode(frame);
    const { codec } = this.#config ?? {};
    const rung = codec && this.#ladder.rung(codec);
    if (!rung) return this.#dropped(frame, "not decoded");
    this.#video.decode(frame, { codec, acceleration: rung.acceleration });
  }

  #dropped(frame, reason) {
    this.#drops.count(reason);
    this.#acks.dropped(frame);
    if (reason === "not decoded" && frame.type !== VIDEO) this.#on.broken();
  }

  #wasPainted(frame) {
    const now = performance.now();
    const latency = this.#clock.since(frame.pts, now);
    this.#painted.add(frame.bytes, now);
    this.#latency.add(latency, now);
    this.#latencies.add(latency, now);
    this.#decode.add(frame.decodedAt - frame.arrivedAt, now);
    this.#acks.painted(frame, frame.decodedAt - frame.arrivedAt, now - frame.arrivedAt);
    if (this.readsMarks && now - this.#markReadAt >= MARK_MS) this.#readMark(now);
    if (!this.#streaming) {
      this.#streaming = true;
      this.#wasLive = true;
      this.#refusal = null;
      this.#on.live();
    }
    this.#on.painted();
  }

  #readMark(now) {
    this.#markReadAt = now;
    const mark = this.#mark.read(this.#canvas);
    if (mark) this.#marks.add(this.#clock.sinceLow32(mark.stateTime, now), now);
  }

  #visibilityChanged() {
    this.#lastFrameAt = performance.now();
    if (document.hidden) {
      this.#painter.clear();
      this.#stills.reset();
      this.#video.reset();
    }
    if (this.#subscribed) this.#acks.all();
  }

  /** A server pauses a viewer that acknowledges nothing; so a page that waits says that it is still there. */
  #watch() {
    if (!this.#subscribed || document.hidden) return;
    if (performance.now() - this.#lastFrameAt < STALLED_MS) return;
    this.#streaming = false;
    this.#acks.all();
    this.#on.stalled();
  }

  #leastDelay() {
    if (!this.#refusal) return 0;
    return this.#refusal.retryable === false ? false : this.#refusal.retry_after_ms ?? 0;
  }

  #down(retryInMs) {
    clearTimeout(this.#pingTimer);
    this.#connection++;
    this.#subscribed = false;
    this.#streaming = false;
    this.#config = null;
    this.#acks.reset();
    this.#painter.clear();
    this.#stills.reset();
    this.#video.reset();
    this.#on.down({ retryInMs, message: this.#refusal?.message ?? this.#unreachable() });
    this.#refusal = null;
  }

  #unreachable() {
    return this.#wasLive ? "The connection to the renderer is lost." : "The renderer cannot be reached.";
  }
}

/** The server's reasons are clauses; those that begin with a name, such as h264_nvenc, leave it as it is. */
function sentence(text) {
  if (!text) return null;
  const first = /^[a-z]+\b/.test(text) ? text.charAt(0).toUpperCase() : text.charAt(0);
  return first + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
}
