// The overlay of stream figures. It knows the names of a few, and lists whatever else the server sends.

import { element, fixed } from "./text.js";

const LABELS = new Map(Object.entries({
  bitrate: "Bitrate", bitrate_kbps: "Bitrate", bitrate_bps: "Bitrate", encoder: "Encoder", device: "Device",
  hardware: "Hardware", viewers: "Viewers", clients: "Viewers", drops: "Drops", fps: "Rate",
}));
// Shown in a row of its own.
const HIDDEN = new Set(["type", "epoch", "stream", "quality"]);
const NARROW = matchMedia("(max-width: 700px)");
const QUANTILES = ["p50", "p95", "p99"];
// The way of a frame. JSON objects come in any order, and rows that swap places cannot be read.
const ORDER = [
  "fps", "bitrate", "viewers", "clients", "drops", "encoder", "hardware", "device",
  "render", "rendered", "readback", "encode", "encoded", "queue", "send", "sent", "latency",
];

export class StatsOverlay {
  #panel;
  #picture;
  #server = null;

  /** @param {HTMLElement} picture what the panel lies over, or under where there is no room beside what it hides */
  constructor(panel, picture) {
    this.#panel = panel;
    this.#picture = picture;
    NARROW.addEventListener("change", () => this.#place());
    document.addEventListener("fullscreenchange", () => this.#place());
    this.#place();
  }

  #place() {
    if (NARROW.matches && !document.fullscreenElement) this.#picture.after(this.#panel);
    else this.#picture.append(this.#panel);
  }

  get open() {
    return !this.#panel.hidden;
  }

  toggle() {
    this.#panel.hidden = !this.#panel.hidden;
    return this.open;
  }

  receive(stats) {
    this.#server = stats;
  }

  /** @param {object} figures what this page sees of the stream */
  show(figures) {
    if (!this.open) return;
    const { rows, stages } = this.#server ? sorted(this.#server) : { rows: [], stages: [] };
    const parts = [heading("This page"), list(pageRows(figures))];
    if (this.#server) parts.push(heading("Server"), list([...qualityRows(this.#server.quality), ...rows]));
    if (stages.length) parts.push(stageTable(stages));
    this.#panel.replaceChildren(...parts);
  }
}

function pageRows(f) {
  return [
    ["Painted", `${fixed(f.fps, 0)} fps`],
    ["Latency", `${fixed(f.latency ?? NaN, 1)} ms, p95 ${fixed(f.latencyTail ?? NaN, 1)}`],
    ["Decode", `${fixed(f.decode ?? NaN, 1)} ms`],
    ["Round trip", `${fixed(f.roundTrip ?? NaN, 1)} ms`],
    ["Overtaken", String(f.dropped)],
  ];
}

/** How much is drawn, who decides it, why, and how often it changed. */
function qualityRows(quality) {
  if (!isGroup(quality)) return [];
  const { level, mode, reason, changes } = quality;
  const rows = [["Quality", mode === "auto" && reason === "chosen" ? `${level}, auto` : `${level}, ${mode}: ${reason}`]];
  if (isGroup(changes)) {
    rows.push(["Changes", text("changes", Object.fromEntries(entries(changes).filter(([, count]) => count > 0)))]);
  }
  return rows;
}

/** Splits a message into the stages, which have quantiles, and the rest. */
function sorted(stats) {
  const rows = [];
  const stages = [];
  for (const [key, value] of entries(stats)) {
    if (HIDDEN.has(key) || value === null) continue;
    if (isStage(value)) stages.push([key, value]);
    else if (isGroup(value) && Object.values(value).some(isStage)) {
      stages.push(...entries(value).filter(([, inner]) => isStage(inner)));
    } else rows.push([LABELS.get(key) ?? words(key), text(key, value)]);
  }
  stages.sort(byOrder);
  return { rows, stages };
}

function entries(object) {
  return Object.entries(object).sort(byOrder);
}

function byOrder([a], [b]) {
  return rank(a) - rank(b) || a.localeCompare(b);
}

/** Units and percentiles after the name do not matter: render_ms is a render. */
function rank(key) {
  const place = ORDER.indexOf(key.split("_")[0]);
  return place < 0 ? ORDER.length : place;
}

function isGroup(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isStage(value) {
  return isGroup(value) && QUANTILES.some((q) => Number.isFinite(value[q]));
}

function text(key, value) {
  if (isGroup(value)) {
    const parts = entries(value).filter(([, v]) => v !== null && typeof v !== "object");
    return parts.length ? parts.map(([k, v]) => `${words(k, false)} ${number(v)}`).join(", ") : "none";
  }
  if (key.startsWith("bitrate")) return bitrate(key, value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  return Array.isArray(value) ? value.join(", ") : number(value);
}

function bitrate(key, value) {
  const bits = key.endsWith("kbps") ? value * 1000 : value;
  return Number.isFinite(bits) ? `${(bits / 1e6).toFixed(1)} Mbit/s` : String(value);
}

function number(value) {
  return typeof value === "number" && !Number.isInteger(value) ? value.toFixed(1) : String(value);
}

function words(key, capital = true) {
  const plain = key.replaceAll("_", " ").replace(/ (ms|us|s)$/, "");
  return capital ? plain.charAt(0).toUpperCase() + plain.slice(1) : plain;
}

function milliseconds(key, value) {
  const factor = key.endsWith("_us") ? 1 / 1000 : key.endsWith("_s") || key.endsWith("_seconds") ? 1000 : 1;
  return fixed(value * factor, 1);
}

function heading(title) {
  return element("h2", {}, [title]);
}

function list(rows) {
  return element("dl", {}, rows.map(([label, value]) =>
    element("div", {}, [element("dt", {}, [label]), element("dd", {}, [value])])));
}

function stageTable(stages) {
  const head = element("tr", {}, [
    element("th", { scope: "col" }, ["Stage, ms"]), ...QUANTILES.map((q) => element("th", { scope: "col" }, [q]))]);
  const body = stages.map(([key, stage]) => element("tr", {}, [
    element("th", { scope: "row" }, [words(key)]),
    ...QUANTILES.map((q) => element("td", {}, [milliseconds(key, stage[q])])),
  ]));
  return element("table", {}, [element("thead", {}, [head]), element("tbody", {}, body)]);
}
