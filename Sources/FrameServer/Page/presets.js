// The choice of a preset: a look for engine and picture.

import { post } from "./post.js";
import { element } from "./text.js";
import { authorization } from "./token.js";

export class PresetChoice {
  #select;
  #onTrouble;
  #wanted = null;
  #shown = null;

  /** @param {(sentence: string) => void} onTrouble */
  constructor(select, onTrouble) {
    this.#select = select;
    this.#onTrouble = onTrouble;
    select.addEventListener("change", () => this.#choose(select.value));
  }

  async load() {
    if (this.#select.options.length) return;
    const response = await fetch("api/presets", { headers: authorization });
    if (!response.ok) throw new Error(`The presets could not be read (${response.status}).`);
    const presets = await response.json();
    const options = presets.filter(({ problems }) => !problems?.length)
      .map(({ id, description }) => element("option", { value: id, title: description }, [id]));
    this.#select.replaceChildren(element("option", { value: "", hidden: "" }, ["–"]), ...options);
  }

  /** Marks the preset that the server loaded last, unless a choice from here is still under way. */
  follow(id) {
    const value = id ?? "";
    if (this.#wanted !== null || !this.#select.options.length || value === this.#shown) return;
    this.#select.value = this.#shown = value;
  }

  async #choose(id) {
    const before = this.#shown ?? "";
    this.#wanted = this.#shown = id;
    const trouble = await post("api/preset/load", { preset_id: id }, "preset");
    if (this.#wanted !== id) return;
    this.#wanted = null;
    if (!trouble) return;
    this.#select.value = this.#shown = before;
    this.#onTrouble(trouble);
  }
}
