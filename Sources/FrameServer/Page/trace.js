// The last thirty seconds of two figures, as a pair of lines.

import { clamp } from "./color.js";

const SPAN_MS = 30_000;
const EVERY_MS = 150;
const GAP_MS = 1_000;
const LINES = [
  { key: "ici", color: "--trace-ici" },
  { key: "coherence", color: "--trace-coherence" },
];

export class Trace {
  #canvas;
  #context;
  #points = [];
  #size = { width: 0, height: 0 };

  constructor(canvas) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d");
    new ResizeObserver(([entry]) => this.#resize(entry.contentRect)).observe(canvas);
  }

  add(metrics) {
    const at = performance.now();
    if (at - (this.#points.at(-1)?.at ?? -Infinity) < EVERY_MS) return;
    this.#points.push({ at, ici: metrics.ici, coherence: metrics.coherence ?? metrics.phase_coherence });
    while (this.#points[0].at < at - SPAN_MS - EVERY_MS) this.#points.shift();
    this.#draw(at);
  }

  #resize({ width, height }) {
    const scale = Math.min(devicePixelRatio, 2);
    this.#size = { width, height };
    this.#canvas.width = Math.round(width * scale);
    this.#canvas.height = Math.round(height * scale);
    this.#context.setTransform(scale, 0, 0, scale, 0, 0);
    this.#draw(performance.now());
  }

  #draw(now) {
    const { width, height } = this.#size;
    if (height < 8) return;
    const context = this.#context;
    context.clearRect(0, 0, width, height);
    context.lineWidth = 1.5;
    context.lineJoin = "round";
    const style = getComputedStyle(this.#canvas);
    for (const { key, color } of LINES) {
      context.strokeStyle = style.getPropertyValue(color);
      context.beginPath();
      let last = -Infinity;
      for (const point of this.#points) {
        if (!Number.isFinite(point[key])) continue;
        const x = width - ((now - point.at) / SPAN_MS) * width;
        const y = height - 2 - clamp(point[key], 0, 1) * (height - 4);
        // A gap stays a gap: where nothing was heard, nothing is drawn.
        if (point.at - last > GAP_MS) context.moveTo(x, y);
        else context.lineTo(x, y);
        last = point.at;
      }
      context.stroke();
    }
  }
}
