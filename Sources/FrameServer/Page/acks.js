// Acknowledgements: of every frame that is painted, at once; of frames that never will be, within 50 ms. Without these a
// server whose window is full of frames lost here would wait for ever.

const LONGEST_WAIT_MS = 50;

export class Acknowledgements {
  #send;
  #state;
  #timer = 0;
  #newest = null;
  #settled = null;

  /**
   * @param {(message: object) => void} send
   * @param {() => {dropped: number, decode_queue: number, visible: boolean}} state what every one of them tells besides
   */
  constructor(send, state) {
    this.#send = send;
    this.#state = state;
  }

  /** A new connection, in which nothing has arrived yet: a number of the last one would be a fault. */
  reset() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#newest = this.#settled = null;
  }

  /** @param {{seq: number}} frame */
  arrived(frame) {
    this.#newest = newer(this.#newest, frame);
  }

  /** Times are milliseconds since the frame arrived. */
  painted(frame, decodedMs, presentedMs) {
    this.#settled = newer(this.#settled, frame);
    this.#acknowledge(this.#settled, decodedMs, presentedMs);
  }

  dropped(frame) {
    this.#settled = newer(this.#settled, frame);
    this.#timer ||= setTimeout(() => this.#acknowledge(this.#settled), LONGEST_WAIT_MS);
  }

  /** Answers for all that arrived, painted or not. */
  all() {
    this.#settled = this.#newest;
    this.#acknowledge(this.#newest);
  }

  #acknowledge(frame, decodedMs = 0, presentedMs = 0) {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#send({
      type: "ack",
      // Absent before the first frame.
      seq: frame?.seq,
      decoded_ms: round(decodedMs),
      presented_ms: round(presentedMs),
      ...this.#state(),
    });
  }
}

/**
 * The frame with the higher number; numbers come round. A still that opens a stream may follow a frame with a higher one,
 * and that answers for both.
 */
function newer(a, b) {
  return a && ((b.seq - a.seq) | 0) <= 0 ? a : b;
}

function round(milliseconds) {
  return Math.round(milliseconds * 100) / 100;
}
