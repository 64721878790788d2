// Paints decoded pictures, in the order of their times. One picture waits for the repaint; whatever is older is dropped, so
// that a slow machine shows fewer pictures and not later ones.

import { beforeRepaint } from "./repaint.js";

export class Painter {
  #canvas;
  #context;
  #on;
  #waiting = null;
  #newest = -1;
  #repaint = beforeRepaint(() => this.#paint());

  /** @param {{painted: (frame: object) => void, dropped: (frame: object, reason: string) => void}} on */
  constructor(canvas, on) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d", { alpha: false });
    this.#on = on;
  }

  /** Pictures that wait for the repaint. */
  get queue() {
    return this.#waiting ? 1 : 0;
  }

  /** @param {ImageBitmap | VideoFrame} picture is closed here */
  offer(frame, picture) {
    // Stills and video take different ways, and a still that opens a stream may be older than what is shown.
    if (frame.pts < this.#newest) {
      picture.close();
      return this.#on.dropped(frame, "late");
    }
    this.#newest = frame.pts;
    if (this.#waiting) {
      this.#waiting.picture.close();
      this.#on.dropped(this.#waiting.frame, "overtaken");
    }
    this.#waiting = { frame, picture };
    this.#repaint();
  }

  /** Forgets what is not painted yet. */
  clear() {
    this.#waiting?.picture.close();
    this.#waiting = null;
  }

  /** The times that follow are those of another clock. */
  restart() {
    this.clear();
    this.#newest = -1;
  }

  #paint() {
    if (!this.#waiting) return;
    const { frame, picture } = this.#waiting;
    this.#waiting = null;
    const width = picture.displayWidth ?? picture.width;
    const height = picture.displayHeight ?? picture.height;
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    this.#context.drawImage(picture, 0, 0, width, height);
    picture.close();
    this.#on.painted(frame);
  }
}
