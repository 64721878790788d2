// The switch of the figures that the renderer draws into the picture, for everybody who looks at it.

import { post } from "./post.js";

export class HudSwitch {
  #button;
  #onTrouble;
  #wanted = null;

  /** @param {(sentence: string) => void} onTrouble */
  constructor(button, onTrouble) {
    this.#button = button;
    this.#onTrouble = onTrouble;
    button.addEventListener("click", () => this.toggle());
  }

  /** Shows what the server draws, unless a switch from here is still under way. */
  follow(enabled) {
    if (typeof enabled === "boolean" && this.#wanted === null) this.#mark(enabled);
  }

  async toggle() {
    const before = this.#button.getAttribute("aria-pressed") === "true";
    const enabled = !before;
    this.#wanted = enabled;
    this.#mark(enabled);
    const trouble = await post("api/hud", { enabled }, "figures in the picture");
    if (this.#wanted !== enabled) return;
    this.#wanted = null;
    if (!trouble) return;
    this.#mark(before);
    this.#onTrouble(trouble);
  }

  #mark(enabled) {
    this.#button.setAttribute("aria-pressed", String(enabled));
  }
}
