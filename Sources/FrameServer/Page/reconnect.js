// A WebSocket that comes back: exponential backoff with jitter, and a limit on silence, since a half-open
// connection never reports that it is dead.

import { withToken } from "./token.js";

const FIRST_DELAY_MS = 400;
const LONGEST_DELAY_MS = 10_000;
const STEADY_AFTER_MS = 5_000;

export class ReconnectingSocket {
  #options;
  #socket = null;
  #attempt = 0;
  #retryTimer = 0;
  #silenceTimer = 0;
  #openedAt = 0;
  #wanted = false;

  /**
   * @param {{path: string, protocol?: string, silenceMs: number,
   *   onMessage: (data: string | ArrayBuffer) => void,
   *   onDown: (down: {retryInMs: number | null}) => void,
   *   mayRetry?: () => number | false}} options
   *   mayRetry returns the least delay in milliseconds, or false where trying again is useless.
   */
  constructor(options) {
    this.#options = options;
    window.addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => this.#visibilityChanged());
  }

  connect() {
    clearTimeout(this.#retryTimer);
    this.#drop();
    this.#wanted = true;
    const { path, protocol } = this.#options;
    const url = withToken(path);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url, protocol ? [protocol] : []);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => { this.#openedAt = performance.now(); };
    socket.onmessage = (event) => {
      this.#heard();
      this.#options.onMessage(event.data);
    };
    socket.onclose = () => this.#down();
    this.#socket = socket;
    this.#heard();
  }

  send(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** Nothing is sent to a hidden page, so there silence is no sign of a dead connection. */
  #visibilityChanged() {
    if (document.hidden) clearTimeout(this.#silenceTimer);
    else if (this.#socket) this.#heard();
    else this.hurry();
  }

  /** Somebody looks, or the network or the server is there again: no reason to wait for the next try. */
  hurry() {
    if (this.#wanted && !this.#socket) this.connect();
  }

  #heard() {
    clearTimeout(this.#silenceTimer);
    if (document.hidden) return;
    this.#silenceTimer = setTimeout(() => this.#down(), this.#options.silenceMs);
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    clearTimeout(this.#silenceTimer);
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #down() {
    const lasted = this.#openedAt ? performance.now() - this.#openedAt : 0;
    this.#openedAt = 0;
    this.#drop();
    if (lasted > STEADY_AFTER_MS) this.#attempt = 0;
    const least = this.#options.mayRetry?.() ?? 0;
    if (least === false) {
      this.#wanted = false;
      return this.#options.onDown({ retryInMs: null });
    }
    const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#attempt++);
    const retryInMs = Math.max(least, ceiling * (0.5 + Math.random() / 2));
    this.#retryTimer = setTimeout(() => this.connect(), retryInMs);
    this.#options.onDown({ retryInMs });
  }
}
