// Starts and stops the recorder, and lists what it has recorded.

import { post } from "./post.js";
import { element, fixed, setText } from "./text.js";
import { authorization } from "./token.js";

const MOST_SESSIONS = 8;

export class RecorderControl {
  #button;
  #status;
  #list;
  #onTrouble;
  #recording = false;

  /**
   * @param {HTMLElement} status where it is told what is recorded
   * @param {HTMLElement} list of the newest sessions
   * @param {(sentence: string) => void} onTrouble
   */
  constructor(button, status, list, onTrouble) {
    this.#button = button;
    this.#status = status;
    this.#list = list;
    this.#onTrouble = onTrouble;
    button.addEventListener("click", () => this.#toggle());
  }

  async load() {
    const response = await fetch("api/recorder/status", { headers: authorization });
    if (!response.ok) return;
    const status = await response.json();
    const ended = this.#recording && !status.is_recording;
    this.#recording = status.is_recording;
    this.#button.setAttribute("aria-pressed", String(status.is_recording));
    setText(this.#button, status.is_recording ? "Stop" : "Record");
    setText(this.#status, status.is_recording ? lasting(status.duration) : status.reason ?? "");
    if (ended || !this.#list.children.length) await this.#loadSessions();
  }

  async #loadSessions() {
    const response = await fetch("api/recorder/sessions", { headers: authorization });
    if (!response.ok) return;
    const { sessions } = await response.json();
    const rows = sessions.slice(0, MOST_SESSIONS).map(({ id, name, duration }) =>
      element("li", { title: id }, [element("span", {}, [name ?? id]), element("span", {}, [lasting(duration)])]));
    this.#list.replaceChildren(...(rows.length ? rows : [element("li", { class: "none" }, ["No sessions yet"])]));
  }

  async #toggle() {
    const trouble = await post(`api/recorder/${this.#recording ? "stop" : "start"}`, {}, "recording");
    if (trouble) this.#onTrouble(trouble);
    await this.load();
  }
}

/** Seconds as 1:02. */
function lasting(seconds) {
  if (!Number.isFinite(seconds)) return "";
  const whole = Math.floor(seconds);
  return `${fixed(Math.floor(whole / 60), 0)}:${String(whole % 60).padStart(2, "0")}`;
}
