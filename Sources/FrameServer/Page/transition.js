// How one scene gives way to another: style and seconds, kept in this browser.

import { element } from "./text.js";

const KEY = "phi-matrix.transition";
const DURATIONS = [0, 0.4, 0.8, 1.5, 3, 5];

export class TransitionChoice {
  #style;
  #seconds;

  /** @param {HTMLElement} group with a list of styles and a list of durations */
  constructor(group) {
    [this.#style, this.#seconds] = group.querySelectorAll("select");
    group.addEventListener("change", () => keep(this.chosen));
  }

  /** The lists, as the server offers them; what was chosen before is chosen again where it is still to be had. */
  offer(styles, { min, max, standard }) {
    const kept = recall();
    const durations = DURATIONS.filter((seconds) => seconds >= min && seconds <= max);
    fill(this.#style, styles.map((style) => [style, capital(style)]), kept.style ?? styles[0]);
    fill(this.#seconds, durations.map((s) => [String(s), s ? `${s} s` : "at once"]), String(kept.seconds ?? standard));
  }

  /** What a change of scene is to be asked for with; empty before the server has said what there is. */
  get chosen() {
    if (!this.#style.value || !this.#seconds.value) return {};
    return { style: this.#style.value, transition_s: Number(this.#seconds.value) };
  }
}

function fill(select, options, wanted) {
  select.replaceChildren(...options.map(([value, label]) => element("option", { value }, [label])));
  if (options.some(([value]) => value === wanted)) select.value = wanted;
}

function capital(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function keep({ style, transition_s: seconds }) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ style, seconds }));
  } catch {
    // A browser that keeps nothing forgets the choice with the page.
  }
}

function recall() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}
