// Counts the frames that arrived and were not shown, by the reason, since the page's start.

export class Drops {
  #counts = new Map();

  count(reason) {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
  }

  get total() {
    return [...this.#counts.values()].reduce((a, b) => a + b, 0);
  }

  get byReason() {
    return Object.fromEntries(this.#counts);
  }
}
