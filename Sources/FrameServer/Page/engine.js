// The choice of the engine, and how the one that runs fares.

import { post } from "./post.js";
import { setText } from "./text.js";
import { authorization } from "./token.js";

export class EngineChoice {
  #form;
  #input;
  #health;
  #onTrouble;
  #shown = null;

  /**
   * @param {HTMLFormElement} form with one text field
   * @param {HTMLElement} health where it is told how the engine fares
   * @param {(sentence: string) => void} onTrouble
   */
  constructor(form, health, onTrouble) {
    this.#form = form;
    this.#input = form.elements.engine;
    this.#health = health;
    this.#onTrouble = onTrouble;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#choose(this.#input.value.trim());
    });
  }

  async load() {
    const response = await fetch("api/engine", { headers: authorization });
    if (!response.ok) return;
    const { engine, condition, detail } = await response.json();
    // What somebody is writing is left alone.
    if (engine !== this.#shown && document.activeElement !== this.#input) this.#input.value = this.#shown = engine;
    this.#form.dataset.condition = condition;
    setText(this.#health, [condition, detail].filter(Boolean).join(": "));
  }

  async #choose(engine) {
    if (!engine) return;
    const trouble = await post("api/engine", { engine }, "engine");
    if (trouble) return this.#onTrouble(trouble);
    this.#shown = null;
    this.#input.blur();
    await this.load();
  }
}
