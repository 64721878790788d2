// Figures over the last second: how often something happened, and the middle and the tail of what it measured.

const SPAN_MS = 1000;

export class LastSecond {
  #entries = [];

  add(value, at = performance.now()) {
    this.#entries.push({ at, value });
    this.#trim(at);
  }

  clear() {
    this.#entries = [];
  }

  /** Entries a second, up to now. */
  rate(now = performance.now()) {
    this.#trim(now);
    return this.#entries.length / (SPAN_MS / 1000);
  }

  /** The value that a share of the entries does not exceed, or null where there are none. */
  quantile(share) {
    this.#trim(performance.now());
    const values = this.#entries.map((e) => e.value).filter(Number.isFinite).sort((a, b) => a - b);
    return values.length ? values[Math.min(values.length - 1, Math.floor(share * values.length))] : null;
  }

  #trim(now) {
    let old = 0;
    while (old < this.#entries.length && this.#entries[old].at < now - SPAN_MS) old++;
    if (old) this.#entries.splice(0, old);
  }
}
