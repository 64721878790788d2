// Decodes and paints. At most one decode is under way and one picture waits for the repaint; whatever is older than the
// newest is dropped, so that a slow machine shows fewer pictures and not later ones.

import { beforeRepaint } from "./repaint.js";

export class Painter {
  #canvas;
  #context;
  #onPaint;
  #onBroken;
  #waiting = null;
  #decoding = false;
  #decoded = null;
  #repaint = beforeRepaint(() => this.#paint());

  /** Pictures that were overtaken by a newer one, or could not be decoded. */
  dropped = 0;

  /** @param {{onPaint: (frame: object) => void, onBroken: () => void}} handlers */
  constructor(canvas, { onPaint, onBroken }) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d", { alpha: false });
    this.#onPaint = onPaint;
    this.#onBroken = onBroken;
  }

  /** Pictures that wait to be decoded or painted. */
  get queue() {
    return (this.#waiting ? 1 : 0) + (this.#decoding ? 1 : 0) + (this.#decoded ? 1 : 0);
  }

  offer(frame) {
    if (this.#waiting) this.dropped++;
    this.#waiting = frame;
    if (!this.#decoding) this.#decode();
  }

  /** Forgets what is not painted yet. */
  clear() {
    this.#waiting = null;
    this.#decoded?.bitmap.close();
    this.#decoded = null;
  }

  async #decode() {
    const frame = this.#waiting;
    this.#waiting = null;
    this.#decoding = true;
    try {
      const bitmap = await createImageBitmap(new Blob([frame.payload], { type: frame.mime }));
      this.#take(frame, bitmap);
    } catch {
      this.dropped++;
      this.#onBroken();
    }
    this.#decoding = false;
    if (this.#waiting) this.#decode();
  }

  #take(frame, bitmap) {
    if (this.#decoded) {
      this.#decoded.bitmap.close();
      this.dropped++;
    }
    this.#decoded = { frame: { ...frame, payload: null, decodedAt: performance.now() }, bitmap };
    this.#repaint();
  }

  #paint() {
    if (!this.#decoded) return;
    const { frame, bitmap } = this.#decoded;
    this.#decoded = null;
    if (this.#canvas.width !== bitmap.width) this.#canvas.width = bitmap.width;
    if (this.#canvas.height !== bitmap.height) this.#canvas.height = bitmap.height;
    this.#context.drawImage(bitmap, 0, 0);
    bitmap.close();
    this.#onPaint(frame);
  }
}
