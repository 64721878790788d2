// The choice of the quality: a level, or as much as the frame rate allows. Shows the level that is drawn, and why the
// renderer changed it.

import { post } from "./post.js";
import { element, setText } from "./text.js";
import { authorization } from "./token.js";

const REASONS = new Map([
  ["overload", "lowered: frames took too long"],
  ["headroom", "raised: there was time to spare"],
]);

export class QualityChoice {
  #select;
  #reason;
  #onTrouble;
  #wanted = null;
  #shown = null;

  /**
   * @param {HTMLElement} reason where the reason is told
   * @param {(sentence: string) => void} onTrouble
   */
  constructor(select, reason, onTrouble) {
    this.#select = select;
    this.#reason = reason;
    this.#onTrouble = onTrouble;
    select.addEventListener("change", () => this.#choose(select.value));
  }

  async load() {
    if (this.#select.options.length) return;
    const response = await fetch("api/quality", { headers: authorization });
    if (!response.ok) throw new Error(`The levels of quality could not be read (${response.status}).`);
    const { levels, quality, mode, reason } = await response.json();
    const options = levels.toReversed().map(({ level, summary }) =>
      element("option", { value: String(level), title: summary }, [`${level} · ${summary.split(",")[0]}`]));
    this.#select.replaceChildren(element("option", { value: "auto" }, ["auto"]), ...options);
    this.follow({ level: quality, mode, reason });
  }

  /** Shows what the server draws, unless a choice from here is still under way. */
  follow({ level, mode, reason }) {
    if (this.#wanted !== null || !Number.isInteger(level) || !this.#select.options.length) return;
    const automatic = mode === "auto";
    const value = automatic ? "auto" : String(level);
    // A list that somebody has open, and moves in, is left alone.
    if (value !== this.#shown) this.#select.value = this.#shown = value;
    setText(this.#select.options[0], automatic ? `auto · ${level}` : "auto");
    setText(this.#reason, automatic ? REASONS.get(reason) ?? "" : "");
  }

  async #choose(value) {
    const before = this.#shown;
    this.#wanted = this.#shown = value;
    const trouble = await post("api/quality", { quality: value === "auto" ? value : Number(value) }, "quality");
    if (this.#wanted !== value) return;
    this.#wanted = null;
    if (!trouble) return;
    this.#select.value = this.#shown = before;
    this.#onTrouble(trouble);
  }
}
