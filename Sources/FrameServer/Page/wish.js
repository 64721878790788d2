// What the page asks the server for: the largest picture that its canvas can show, at most so many frames a second. The
// page's own address may say otherwise: ?codec=jpeg|h264|vp9|vp8, ?max_fps=, ?max_width=.

import { codecNamed } from "./codecs.js";

const USUAL_FPS = 60;
const SETTLE_MS = 400;
/** A picture may be enlarged by so much before the next larger one is worth its bytes. */
const MOST_ENLARGED = 1.1;

const query = new URLSearchParams(location.search);

/** The one video codec to take, or "jpeg"; undefined for whatever is best. */
export const forcedCodec = codecNamed(query.get("codec"));

export class StreamWish {
  #canvas;
  #onChange;
  #widths = [];
  #asked;
  #timer = 0;

  /** @param {() => void} onChange the canvas has become so much larger or smaller that another picture fits it */
  constructor(canvas, onChange) {
    this.#canvas = canvas;
    this.#onChange = onChange;
    new ResizeObserver(() => this.#resized()).observe(canvas);
    document.addEventListener("fullscreenchange", () => this.#resized());
  }

  /** @param {{width: number}[]} streams what the server offers */
  follow(streams) {
    this.#widths = [...new Set((streams ?? []).map((stream) => stream.width))].sort((a, b) => a - b);
  }

  /** The fields of a subscription. */
  take() {
    this.#asked = this.#width();
    return { max_fps: number("max_fps", 1, 240) ?? USUAL_FPS, max_width: this.#asked };
  }

  /** Pixels, or undefined for whatever there is. */
  #width() {
    const forced = number("max_width", 1, 16_384);
    if (forced) return Math.round(forced);
    if (document.fullscreenElement) return undefined;
    const pixels = this.#canvas.clientWidth * devicePixelRatio;
    return pixels ? this.#widths.find((width) => width * MOST_ENLARGED >= pixels) : undefined;
  }

  #resized() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#widths.length && this.#width() !== this.#asked) this.#onChange();
    }, SETTLE_MS);
  }
}

/** A number of the page's address between two bounds; undefined where it names none. */
function number(name, least, most) {
  const value = Number.parseFloat(query.get(name));
  return Number.isFinite(value) ? Math.min(Math.max(value, least), most) : undefined;
}
