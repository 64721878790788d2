// The ways to decode that this browser has, best first: every video codec in hardware, then in software, and stills at
// the end. A way that has failed is not taken again.

import { displayName, family, STILLS, VIDEO_CODECS } from "./codecs.js";

const STILLS_INSTEAD = "so it gets single pictures (JPEG)";
const ACCELERATIONS = ["prefer-hardware", "prefer-software"];

export class DecoderLadder {
  #rungs = [];

  /** Why there is no better way, or null. */
  reason = null;
  /** Resolves once the browser has said what it decodes. */
  ready;

  /** @param {string} [only] the one codec to take besides stills */
  constructor(only) {
    this.ready = this.#find(only);
  }

  /** What to ask the server for. Stills always: a server sends one at once, and may fall back to them. */
  get codecs() {
    return [...new Set(this.#rungs.map((rung) => rung.codec)), STILLS];
  }

  /** How to decode a video codec, or null where this browser cannot, or not any more. */
  rung(codec) {
    return this.#rungs.find((rung) => family(rung.codec) === family(codec)) ?? null;
  }

  /**
   * Steps down from a way that has failed.
   * @returns {boolean} whether it had not failed before
   */
  failed(codec, acceleration, why) {
    const at = this.#rungs.findIndex((rung) =>
      family(rung.codec) === family(codec) && rung.acceleration === acceleration);
    if (at < 0) return false;
    const [rung] = this.#rungs.splice(at, 1);
    const next = this.#rungs[0];
    const instead = next ? `now it is ${describe(next)}` : "now it is single pictures (JPEG)";
    this.reason = `This browser failed at ${describe(rung)} (${why}); ${instead}.`;
    return true;
  }

  async #find(only) {
    if (only === STILLS) return;
    if (!("VideoDecoder" in globalThis)) {
      this.reason = globalThis.isSecureContext
        ? `This browser cannot decode video (it has no WebCodecs), ${STILLS_INSTEAD}.`
        : `Browsers decode video on https and localhost pages only, and this page is neither, ${STILLS_INSTEAD}.`;
      return;
    }
    const wanted = only ? [only] : VIDEO_CODECS;
    for (const codec of wanted) this.#rungs.push(...(await ways(codec)));
    if (!this.#rungs.length) {
      this.reason = `This browser cannot decode ${wanted.map(displayName).join(", ")}, ${STILLS_INSTEAD}.`;
    }
  }
}

async function ways(codec) {
  const found = [];
  for (const acceleration of ACCELERATIONS) {
    if (await isSupported(codec, acceleration)) found.push({ codec, acceleration });
  }
  // A browser may decode without saying by what.
  if (!found.length && (await isSupported(codec, "no-preference"))) found.push({ codec, acceleration: "no-preference" });
  return found;
}

async function isSupported(codec, hardwareAcceleration) {
  try {
    return (await VideoDecoder.isConfigSupported({ codec, hardwareAcceleration, optimizeForLatency: true })).supported;
  } catch {
    return false;
  }
}

/** Such as "H.264 in hardware". */
export function describe({ codec, acceleration }) {
  const how = { "prefer-hardware": " in hardware", "prefer-software": " in software" }[acceleration] ?? "";
  return displayName(codec) + how;
}
