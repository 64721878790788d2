// The engine's figures, as they come over /ws/metrics.

import { ChannelRows } from "./channels.js";
import { GOLDEN_ANGLE, PHI, clamp } from "./color.js";
import { ReconnectingSocket } from "./reconnect.js";
import { beforeRepaint } from "./repaint.js";
import { fixed, setText } from "./text.js";

const SILENCE_MS = 3_000;
const STALE_MS = 1_500;
// Every sample would cost a fifth of a core, which on a small machine the renderer needs more.
const SHOW_EVERY_MS = 120;
const CALM_EVERY_MS = 400;
// What is shown is a mean over about this long, so that figures can be read and bars agree with them.
const MEAN_MS = 250;
const MEANT = ["ici", "coherence", "criticality", "spectral_centroid", "consciousness_level", "phi_depth"];
const DEPTH_RADIUS = 34;

export class MetricsPanel {
  #panel;
  #nodes;
  #gauges;
  #channels;
  #calm = matchMedia("(prefers-reduced-motion: reduce)");
  #onSample;
  #socket = null;
  #newest = null;
  #mean = null;
  #heardAt = -Infinity;
  #shownAt = -Infinity;
  #repaint = beforeRepaint(() => this.#show());

  /** @param {(metrics: object) => void} onSample */
  constructor(panel, onSample) {
    this.#panel = panel;
    this.#onSample = onSample;
    this.#nodes = Object.fromEntries([...panel.querySelectorAll("[id]")].map((node) => [node.id, node]));
    this.#gauges = Object.fromEntries(
      [...panel.querySelectorAll(".measure")].map((m) => [m.querySelector("b").id, m.querySelector(".gauge > i")]));
    this.#channels = new ChannelRows(this.#nodes["channels"]);
    addGoldenTicks(this.#nodes["golden-ticks"]);
    setInterval(() => this.#markStale(), 500);
  }

  /** @param {(up: boolean) => void} onLink hears of every message, and of every loss */
  connect(onLink) {
    this.#socket = new ReconnectingSocket({
      path: "ws/metrics",
      silenceMs: SILENCE_MS,
      onMessage: (data) => {
        onLink(true);
        this.#receive(data);
      },
      onDown: () => onLink(false),
    });
    this.#socket.connect();
  }

  /** The server is there again. */
  hurry() {
    this.#socket.hurry();
  }

  #receive(data) {
    try {
      this.#newest = JSON.parse(data);
    } catch {
      return;
    }
    const now = performance.now();
    this.#mean = meanOf(this.#mean, this.#newest, 1 - Math.exp((this.#heardAt - now) / MEAN_MS));
    this.#heardAt = now;
    if (document.hidden) return;
    this.#onSample(this.#newest);
    this.#repaint();
  }

  #markStale() {
    this.#panel.dataset.stale = performance.now() - this.#heardAt > STALE_MS ? "1" : "0";
  }

  #show() {
    const metrics = this.#mean;
    const now = performance.now();
    if (!metrics || now - this.#shownAt < (this.#calm.matches ? CALM_EVERY_MS : SHOW_EVERY_MS)) return;
    this.#shownAt = now;
    this.#showGauges(metrics);
    this.#showDial(metrics);
    this.#channels.show(metrics);
    this.#showText(metrics);
  }

  #showGauges(m) {
    const set = (name, share) => {
      this.#gauges[name].style.transform = `scaleX(${clamp(share || 0, 0, 1).toFixed(3)})`;
    };
    set("ici", m.ici);
    set("coherence", m.coherence);
    set("criticality", m.criticality / 2);
    // 20 Hz … 20 kHz, as the ear has it.
    set("centroid", Math.log10(Math.max(m.spectral_centroid, 20) / 20) / 3);
  }

  #showDial(m) {
    const degrees = ((m.phi_phase ?? 0) * 180) / Math.PI;
    this.#nodes["phase-hand"].style.transform = `rotate(${(-degrees).toFixed(2)}deg)`;
    const disc = this.#nodes["depth-disc"].style;
    disc.transform = `scale(${clamp((m.phi_depth ?? 0) / PHI, 0, 1).toFixed(3)})`;
    disc.opacity = (0.25 + 0.6 * clamp(m.phi_breathing ?? 0.5, 0, 1)).toFixed(3);
  }

  #showText(m) {
    const set = (id, text) => setText(this.#nodes[id], text);
    set("ici", fixed(m.ici, 3));
    set("coherence", fixed(m.coherence ?? m.phase_coherence, 3));
    set("criticality", fixed(m.criticality, 2));
    set("centroid", Number.isFinite(m.spectral_centroid) ? `${grouped(m.spectral_centroid)} Hz` : "–");
    set("level", fixed(m.consciousness_level, 2));
    set("state", m.state ?? "–");
    set("phi-phase", `${fixed((m.phi_phase * 180) / Math.PI, 0)}°`);
    set("phi-depth", fixed(m.phi_depth, 3));
    set("phi-breathing", fixed(m.phi_breathing, 2));
    set("phi-source", m.phi_source ?? "");
    set("active-channels", Number.isFinite(m.active_channels) ? `${m.active_channels} active` : "");
    this.#nodes["invalid"].hidden = m.valid !== false;
  }
}

/** The newest sample, with the figures in MEANT and the amplitudes moved by `share` from the mean before towards it. */
function meanOf(mean, newest, share) {
  if (!mean) return newest;
  const toward = (from, to) => (Number.isFinite(from) && Number.isFinite(to) ? from + (to - from) * share : to);
  const next = { ...newest };
  for (const name of MEANT) next[name] = toward(mean[name], newest[name]);
  next.channel_metrics = newest.channel_metrics?.map((channel, k) => ({
    ...channel,
    amplitude: toward(mean.channel_metrics?.[k]?.amplitude, channel.amplitude),
  }));
  return next;
}

const grouping = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

function grouped(value) {
  return (value < 100 ? fine : grouping).format(value);
}

/** Eight ticks a golden angle apart: where the channels' phases are spread from. */
function addGoldenTicks(group) {
  for (let k = 0; k < 8; k++) {
    const tick = document.createElementNS("http://www.w3.org/2000/svg", "path");
    tick.setAttribute("d", `M${DEPTH_RADIUS + 6} 0H${DEPTH_RADIUS + 10}`);
    tick.setAttribute("transform", `rotate(${-k * GOLDEN_ANGLE})`);
    group.append(tick);
  }
}
