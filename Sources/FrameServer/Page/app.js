// The dashboard: puts the parts together.

import { Banner } from "./banner.js";
import { EngineChoice } from "./engine.js";
import { FrameStream } from "./frames.js";
import { HudSwitch } from "./hud.js";
import { MetricsPanel } from "./metrics.js";
import { PhiControl } from "./phi.js";
import { PresetChoice } from "./presets.js";
import { QualityChoice } from "./quality.js";
import { RecorderControl } from "./recorder.js";
import { SceneSwitch } from "./scenes.js";
import { StatsOverlay } from "./stats.js";
import { fixed, setText } from "./text.js";
import { authorization, withToken } from "./token.js";
import { Trace } from "./trace.js";
import { TransitionChoice } from "./transition.js";

const READOUT_MS = 250;
const STATUS_MS = 2_000;
const FIGURES_GRACE_MS = 3_000;

const node = (id) => document.getElementById(id);
const root = document.documentElement;

const banner = new Banner(node("banner"), () => frames.connect());
const notice = (sentence) => banner.notice(sentence);
const stats = new StatsOverlay(node("stats"), node("frame"));
const scenes = new SceneSwitch(node("scenes"), new TransitionChoice(node("transition")), notice);
const quality = new QualityChoice(node("quality"), node("quality-reason"), notice);
const presets = new PresetChoice(node("preset"), notice);
const hud = new HudSwitch(node("hud"), notice);
const controls = [
  new EngineChoice(node("engine-choice"), node("engine-health"), notice),
  new PhiControl(node("phi-control"), notice),
  new RecorderControl(node("record"), node("record-status"), node("sessions"), notice),
];
const trace = new Trace(node("trace"));
const metrics = new MetricsPanel(node("panel"), (sample) => trace.add(sample));
let brokenFrames = 0;
let figuresLostAt = null;
let live = false;

const frames = new FrameStream(node("stage"), {
  connecting: () => setLink("connecting", "Connecting"),
  live: () => {
    live = true;
    brokenFrames = 0;
    setLink("live", "Live");
    if (figuresLostAt !== null) figuresLost();
    banner.clear();
    metrics.hurry();
    refresh();
  },
  stalled: () => {
    live = false;
    setLink("waiting", "No picture");
    banner.stand("Connected, but no new picture is arriving.");
  },
  config: showConfig,
  fallback: notice,
  stats: (message) => {
    stats.receive(message);
    if (message.quality) quality.follow(message.quality);
  },
  broken: () => {
    if (++brokenFrames === 10) banner.notice("Pictures arrive that this browser cannot read.");
  },
  painted: () => { root.dataset.ready ??= "1"; },
  down: ({ retryInMs, message }) => {
    live = false;
    const gone = retryInMs === null;
    setLink("lost", gone ? "Disconnected" : "Reconnecting");
    banner.stand(message, { tone: "trouble", retryInMs, canRetry: true });
  },
});

function setLink(state, text) {
  node("link").dataset.state = state;
  node("frame").dataset.state = state;
  setText(node("link-text"), text);
}

/** Both connections come back one after the other; only what lasts is worth a sentence. */
function figuresLost() {
  figuresLostAt = performance.now();
  setTimeout(() => {
    const lasts = figuresLostAt !== null && performance.now() - figuresLostAt >= FIGURES_GRACE_MS - 50;
    if (live && lasts) banner.stand("The picture is live, but the engine's figures are not arriving.");
  }, FIGURES_GRACE_MS);
}

function figuresBack() {
  figuresLostAt = null;
  if (live) banner.clear();
}

function showConfig({ width, height, fps, how, codec, encoder, hardware, reason }) {
  setText(node("resolution"), width && height ? `${width} × ${height}` : "–");
  setText(node("codec"), [how, fps ? `${fixed(fps, 0)} fps` : ""].filter(Boolean).join(" · "));
  node("codec").title = [codec, encoder && `encoded by ${encoder}${hardware ? ", hardware" : ""}`].filter(Boolean).join(", ");
  setText(node("stream-reason"), reason);
  node("stream-reason").title = reason;
  if (width && height) node("frame").style.setProperty("--aspect", `${width} / ${height}`);
}

function showReadouts() {
  const figures = frames.figures;
  setText(node("fps"), fixed(figures.fps, 0));
  setText(node("latency"), fixed(figures.latency ?? NaN, figures.latency < 10 ? 1 : 0));
  stats.show(figures);
}

async function refresh() {
  if (document.hidden) return;
  try {
    const response = await fetch("api/status", { headers: authorization });
    if (!response.ok) return;
    const status = await response.json();
    setText(node("engine"), status.engine ?? "–");
    setText(node("device"), status.device ?? "");
    node("device").title = status.device ?? "";
    hud.follow(status.hud_enabled);
    quality.follow({ level: status.quality, mode: status.quality_mode, reason: status.quality_reason });
    await quality.load();
    await presets.load();
    presets.follow(status.preset_loaded);
    if (!node("control").hidden) await Promise.all(controls.map((control) => control.load()));
    if (!node("scenes").children.length) await scenes.load();
    else scenes.follow(status.scene);
  } catch {
    // The banner already says that the server is away; the next round asks again.
  }
}

function toggleStats() {
  frames.readsMarks = stats.toggle();
  node("stats-toggle").setAttribute("aria-pressed", String(stats.open));
  stats.show(frames.figures);
}

function toggleControl() {
  const open = node("control").hidden;
  node("control").hidden = !open;
  node("control-toggle").setAttribute("aria-pressed", String(open));
  if (open) refresh();
}

async function toggleFullscreen() {
  try {
    await (document.fullscreenElement ? document.exitFullscreen() : node("frame").requestFullscreen());
  } catch {
    banner.notice("This browser does not allow full screen here.");
  }
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  // In a list, letters and digits choose from it.
  if (event.target.closest?.("select, input, textarea")) return;
  if (event.key >= "1" && event.key <= "9") return scenes.showNumber(Number(event.key));
  if (event.key === "c" || event.key === "C") return toggleControl();
  if (event.key === "s" || event.key === "S") return toggleStats();
  if (event.key === "h" || event.key === "H") return hud.toggle();
  if (event.key === "f" || event.key === "F") return toggleFullscreen();
}

node("snapshot").href = withToken("snapshot.png");
node("docs").href = withToken("docs");
node("control-toggle").addEventListener("click", toggleControl);
node("stats-toggle").addEventListener("click", toggleStats);
node("fullscreen").addEventListener("click", toggleFullscreen);
node("stage").addEventListener("dblclick", toggleFullscreen);
document.addEventListener("keydown", onKey);
document.addEventListener("fullscreenchange", () => {
  node("fullscreen").setAttribute("aria-pressed", String(Boolean(document.fullscreenElement)));
});

frames.connect();
metrics.connect((up) => {
  const lost = figuresLostAt !== null;
  if (up && lost) figuresBack();
  if (!up && !lost) figuresLost();
});
refresh();
setInterval(showReadouts, READOUT_MS);
setInterval(refresh, STATUS_MS);
