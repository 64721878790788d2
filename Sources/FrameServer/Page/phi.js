// Where Φ comes from, and its depth and phase where a hand holds it.

import { post } from "./post.js";
import { fixed, setText } from "./text.js";
import { authorization } from "./token.js";

const SEND_EVERY_MS = 60;

export class PhiControl {
  #form;
  #onTrouble;
  #pending = null;
  #sending = false;

  /**
   * @param {HTMLFormElement} form with source, depth and phase
   * @param {(sentence: string) => void} onTrouble
   */
  constructor(form, onTrouble) {
    this.#form = form;
    this.#onTrouble = onTrouble;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.elements.source.addEventListener("change", () => this.#send({ source: form.elements.source.value }));
    for (const name of ["depth", "phase"]) {
      form.elements[name].addEventListener("input", () => {
        this.#label();
        this.#send({ ...this.#pending, [name]: Number(form.elements[name].value) });
      });
    }
  }

  async load() {
    if (this.#busy) return;
    const response = await fetch("api/phi", { headers: authorization });
    if (!response.ok || this.#busy) return;
    const phi = await response.json();
    const { source, depth, phase } = this.#form.elements;
    source.value = phi.source;
    depth.value = phi.depth;
    phase.value = phi.phase;
    this.#label();
  }

  /** Whether a hand is at work here. */
  get #busy() {
    return this.#sending || this.#form.contains(document.activeElement);
  }

  #label() {
    const { depth, phase, depthText, phaseText } = this.#form.elements;
    setText(depthText, fixed(Number(depth.value), 3));
    setText(phaseText, `${fixed((Number(phase.value) * 180) / Math.PI, 0)}°`);
  }

  /** Sends the newest wish; what comes while one is under way waits, and replaces what waited. */
  async #send(wish) {
    this.#pending = wish;
    if (this.#sending) return;
    this.#sending = true;
    while (this.#pending) {
      const next = this.#pending;
      this.#pending = null;
      const trouble = await post("api/phi", next, "Φ");
      const { source } = this.#form.elements;
      const isHeld = next.depth !== undefined || next.phase !== undefined;
      if (trouble) this.#onTrouble(trouble);
      else if (isHeld && source.value !== "sensor") source.value = "manual";
      await new Promise((done) => setTimeout(done, SEND_EVERY_MS));
    }
    this.#sending = false;
  }
}
