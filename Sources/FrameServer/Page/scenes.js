// The scene switch: one button a scene, keys 1 … 9, and the scene that other clients have chosen.

import { post } from "./post.js";
import { element } from "./text.js";
import { authorization } from "./token.js";

export class SceneSwitch {
  #group;
  #transition;
  #onTrouble;
  #names = [];
  #wanted = null;

  /**
   * @param {TransitionChoice} transition how a scene is changed
   * @param {(sentence: string) => void} onTrouble
   */
  constructor(group, transition, onTrouble) {
    this.#group = group;
    this.#transition = transition;
    this.#onTrouble = onTrouble;
    group.addEventListener("click", (event) => {
      const name = event.target.closest("button")?.dataset.scene;
      if (name) this.show(name);
    });
  }

  async load() {
    const response = await fetch("api/scenes", { headers: authorization });
    if (!response.ok) throw new Error(`The list of scenes could not be read (${response.status}).`);
    const { scenes, current, transitions, transition_s: seconds } = await response.json();
    const names = scenes.map((scene) => scene.name);
    if (names.join() !== this.#names.join()) this.#group.replaceChildren(...scenes.map(sceneButton));
    this.#names = names;
    this.#transition.offer(transitions, seconds);
    this.follow(current);
  }

  /** Marks the scene that the server shows, unless a switch from here is still under way. */
  follow(name) {
    if (name && !this.#wanted) this.#mark(name);
  }

  /** The n-th scene, counted from 1. */
  showNumber(n) {
    const name = this.#names[n - 1];
    if (name) this.show(name);
  }

  async show(name) {
    const before = this.#group.querySelector('[aria-pressed="true"]')?.dataset.scene;
    this.#wanted = name;
    this.#mark(name);
    const trouble = await post("api/scene", { scene: name, ...this.#transition.chosen }, "scene");
    if (this.#wanted !== name) return;
    this.#wanted = null;
    if (!trouble) return;
    this.#mark(before);
    this.#onTrouble(trouble);
  }

  #mark(name) {
    for (const button of this.#group.children) {
      button.setAttribute("aria-pressed", String(button.dataset.scene === name));
    }
  }
}

function sceneButton({ name, summary }, index) {
  const attributes = { type: "button", "data-scene": name, "aria-pressed": "false", title: summary ?? "" };
  if (index < 9) attributes["aria-keyshortcuts"] = String(index + 1);
  return element("button", attributes, [
    element("kbd", { "aria-hidden": "true" }, [index < 9 ? String(index + 1) : ""]),
    element("span", { class: "name" }, [name]),
    element("span", { class: "summary" }, [summary ?? ""]),
  ]);
}
