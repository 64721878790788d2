// Figures over the last second, or seconds: how often something happened, and the middle and the tail of what it measured.

const TAILS = { p50: 0.5, p95: 0.95, p99: 0.99 };

export class Recent {
  #span;
  #entries = [];

  /** @param {number} span milliseconds after which an entry counts no more */
  constructor(span = 1_000) {
    this.#span = span;
  }

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
    return this.#entries.length / (this.#span / 1000);
  }

  /** The sum of the values a second, up to now. */
  flow(now = performance.now()) {
    this.#trim(now);
    return this.#entries.reduce((sum, e) => sum + e.value, 0) / (this.#span / 1000);
  }

  /** The value that a share of the entries does not exceed, or null where there are none. */
  quantile(share) {
    return pick(this.#sorted(), share);
  }

  /** The usual three quantiles, or null where there are no entries. */
  tails() {
    const values = this.#sorted();
    if (!values.length) return null;
    return Object.fromEntries(Object.entries(TAILS).map(([name, share]) => [name, pick(values, share)]));
  }

  #sorted() {
    this.#trim(performance.now());
    return this.#entries.map((e) => e.value).filter(Number.isFinite).sort((a, b) => a - b);
  }

  #trim(now) {
    let old = 0;
    while (old < this.#entries.length && this.#entries[old].at < now - this.#span) old++;
    if (old) this.#entries.splice(0, old);
  }
}

function pick(sorted, share) {
  return sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] : null;
}
