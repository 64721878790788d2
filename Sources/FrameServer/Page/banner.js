// What is the matter, in plain words, over the picture. The countdown lies outside the live region, so that a screen
// reader says the sentence once and not every second.

import { setText } from "./text.js";

const NOTICE_MS = 5_000;

export class Banner {
  #box;
  #text;
  #wait;
  #retry;
  #standing = null;
  #countdown = 0;
  #notice = 0;

  constructor(box, onRetry) {
    this.#box = box;
    this.#text = box.querySelector("#banner-text");
    this.#wait = box.querySelector("#banner-wait");
    this.#retry = box.querySelector("button");
    this.#retry.addEventListener("click", onRetry);
  }

  /** A sentence that stays until it is cleared. */
  stand(sentence, { tone = "wait", retryInMs, canRetry = false } = {}) {
    this.#standing = { sentence, tone, retryAt: retryInMs ? performance.now() + retryInMs : null, canRetry };
    this.#show();
  }

  clear() {
    this.#standing = null;
    this.#show();
  }

  /** A sentence that passes. */
  notice(sentence) {
    clearTimeout(this.#notice);
    this.#render({ sentence, tone: "trouble", retryAt: null, canRetry: false });
    this.#notice = setTimeout(() => {
      this.#notice = 0;
      this.#show();
    }, NOTICE_MS);
  }

  #show() {
    if (this.#notice) return;
    this.#render(this.#standing);
  }

  #render(content) {
    clearInterval(this.#countdown);
    this.#box.hidden = !content;
    if (!content) {
      setText(this.#wait, "");
      return setText(this.#text, "");
    }
    this.#box.dataset.tone = content.tone;
    setText(this.#text, content.sentence);
    this.#retry.hidden = !content.canRetry;
    const count = () => {
      const seconds = Math.ceil(((content.retryAt ?? 0) - performance.now()) / 1000);
      if (!content.retryAt) setText(this.#wait, "");
      else setText(this.#wait, seconds > 0 ? `Trying again in ${seconds} s` : "Trying again…");
    };
    count();
    if (content.retryAt) this.#countdown = setInterval(count, 250);
  }
}
