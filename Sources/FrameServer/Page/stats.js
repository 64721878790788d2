// The overlay of stream figures. It knows the names of a few, and lists whatever else the server sends.

import { displayName } from "./codecs.js";
import { element, fixed } from "./text.js";

const LABELS = new Map(Object.entries({ clients: "Viewers", drops: "Drops", fps: "Rate" }));
// Shown in rows of their own.
const HIDDEN = new Set([
  "type", "epoch", "stream", "quality", "codec", "width", "height", "encoder", "hardware", "reason", "bitrate",
  "target_bitrate", "limit",
]);
const NARROW = matchMedia("(max-width: 700px)");
const QUANTILES = ["p50", "p95", "p99"];
// The way of a frame. JSON objects come in any order, and rows that swap places cannot be read.
const ORDER = [
  "fps", "viewers", "clients", "drops", "device",
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
    const parts = [heading("This page"), list(pageRows(figures)), stageTable("To the screen, ms", pageTimes(figures))];
    if (this.#server) {
      parts.push(heading("Server"), list([
        ...encodingRows(this.#server), ...qualityRows(this.#server.quality), ...rows]));
    }
    if (stages.length) parts.push(stageTable("Stage, ms", stages));
    const { scrollTop } = this.#panel;
    this.#panel.replaceChildren(...parts);
    this.#panel.scrollTop = scrollTop;
  }
}

function pageRows(f) {
  const rows = [
    ["Painted", `${fixed(f.fps, 0)} fps`],
    ["Received", megabits(f.bitrate)],
    ["Decoder", f.codec ?? fixed(NaN)],
  ];
  if (f.size) rows.push(["Picture", f.size.join(" × ")]);
  rows.push(["Round trip", `${fixed(f.roundTrip ?? NaN, 1)} ms`], ["Drops", text("drops", f.drops)]);
  if (f.reason) rows.push(["Reason", f.reason]);
  return rows;
}

/** Milliseconds to the paint on this screen, and of what decoding takes of them. */
function pageTimes({ latencies, stateLatencies, decode }) {
  const times = [["render to paint", latencies], ["state to pixel", stateLatencies], ["decode", decode]];
  return times.filter(([, tails]) => tails);
}

/** What is sent to this page, and what makes it. */
function encodingRows({ codec, width, height, bitrate, target_bitrate: target, encoder, hardware }) {
  const rows = [];
  if (codec) rows.push(["Codec", displayName(codec) === codec ? codec : `${displayName(codec)}, ${codec}`]);
  if (encoder) rows.push(["Encoder", `${encoder}, ${hardware ? "hardware" : "software"}`]);
  if (width && height) rows.push(["Size", `${width} × ${height}`]);
  if (Number.isFinite(bitrate)) {
    rows.push(["Bitrate", target > 0 ? `${megabits(bitrate)}, target ${megabits(target)}` : megabits(bitrate)]);
  }
  return rows;
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
  if (typeof value === "boolean") return value ? "yes" : "no";
  return Array.isArray(value) ? value.join(", ") : number(value);
}

function megabits(bitsPerSecond) {
  return `${fixed(bitsPerSecond / 1e6, 1)} Mbit/s`;
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

function stageTable(title, stages) {
  const head = element("tr", {}, [
    element("th", { scope: "col" }, [title]), ...QUANTILES.map((q) => element("th", { scope: "col" }, [q]))]);
  const body = stages.map(([key, stage]) => element("tr", {}, [
    element("th", { scope: "row" }, [words(key)]),
    ...QUANTILES.map((q) => element("td", {}, [milliseconds(key, stage[q])])),
  ]));
  return element("table", {}, [element("thead", {}, [head]), element("tbody", {}, body)]);
}
