// The server's monotonic clock, read from this page. Of several round trips the quickest is believed: whatever delays a
// message only ever adds to its round trip.

const KEPT = 16;

export class ServerClock {
  #samples = [];
  #pending = null;
  #helloClock = null;

  /** Milliseconds of the quickest recent round trip, or null before the first. */
  get roundTrip() {
    return this.#best()?.roundTrip ?? null;
  }

  /** A new connection may lead to a server that has restarted, whose clock began anew. */
  reset(helloClock) {
    this.#samples = [];
    this.#pending = null;
    this.#helloClock = helloClock ?? null;
  }

  ping() {
    const sentAt = performance.now();
    this.#pending = { sentAt, clientTime: performance.timeOrigin + sentAt };
    return { type: "ping", client_time: this.#pending.clientTime };
  }

  pong(message) {
    const receivedAt = performance.now();
    const pending = this.#pending;
    if (!pending || Math.abs(message.client_time - pending.clientTime) > 1) return;
    this.#pending = null;
    const server = this.#monotonicMs(message);
    if (!Number.isFinite(server)) return;
    const offset = server - (pending.sentAt + receivedAt) / 2;
    this.#samples.push({ offset, roundTrip: receivedAt - pending.sentAt });
    if (this.#samples.length > KEPT) this.#samples.shift();
  }

  /** Milliseconds from `microseconds` of the server's clock to `at` of performance.now(); null while it is unknown. */
  since(microseconds, at) {
    const best = this.#best();
    return best ? at + best.offset - microseconds / 1000 : null;
  }

  /** The same, where only the low 32 bits of `microseconds` are known: right within half an hour either way. */
  sinceLow32(microseconds, at) {
    const whole = this.since(0, at);
    return whole === null ? null : (Math.round(whole * 1000 - microseconds) | 0) / 1000;
  }

  #best() {
    return this.#samples.reduce((a, b) => (a && a.roundTrip <= b.roundTrip ? a : b), null);
  }

  #monotonicMs(message) {
    if (Number.isFinite(message.monotonic_us)) return message.monotonic_us / 1000;
    const hello = this.#helloClock;
    return hello ? hello.monotonic_us / 1000 + (message.server_time - hello.unix_ms) : NaN;
  }
}
