// Decodes stills. At most one is under way; of those that wait, the newest is taken and the rest dropped.

import { JPEG } from "./header.js";

export class StillDecoding {
  #on;
  #waiting = null;
  #isBusy = false;
  #generation = 0;

  /**
   * @param {{picture: (frame: object, picture: ImageBitmap, decodedAt: number) => void,
   *   dropped: (frame: object, reason: string) => void}} on
   */
  constructor(on) {
    this.#on = on;
  }

  /** Pictures that wait to be decoded. */
  get queue() {
    return (this.#waiting ? 1 : 0) + (this.#isBusy ? 1 : 0);
  }

  decode(frame) {
    if (this.#waiting) this.#on.dropped(this.#waiting, "overtaken");
    this.#waiting = frame;
    if (!this.#isBusy) this.#next();
  }

  /** Forgets what is not decoded yet. */
  reset() {
    this.#waiting = null;
    this.#generation++;
  }

  async #next() {
    const generation = this.#generation;
    const { payload, ...frame } = this.#waiting;
    this.#waiting = null;
    this.#isBusy = true;
    try {
      const type = frame.type === JPEG ? "image/jpeg" : "image/png";
      const picture = await createImageBitmap(new Blob([payload], { type }));
      if (generation === this.#generation) this.#on.picture(frame, picture, performance.now());
      else picture.close();
    } catch {
      if (generation === this.#generation) this.#on.dropped(frame, "not decoded");
    }
    this.#isBusy = false;
    if (this.#waiting) this.#next();
  }
}
