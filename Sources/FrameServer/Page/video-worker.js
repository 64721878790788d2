// A worker that owns the video decoder, so that decoding never waits for the page. It hands pictures over one by one;
// while the page is busy it keeps the newest and closes the rest.
//
// It takes {type: "frame", arrival, epoch, key, discontinuity, pts, codec, acceleration, payload} and {type: "reset"} and
// {type: "taken"}, which answers for a picture. It sends {type: "picture", arrival, picture, decodedAt},
// {type: "dropped", arrival, reason} and {type: "failed", codec, acceleration, reason}.

import { family } from "./codecs.js";
import { codecOfParameterSets } from "./sps.js";

/** Pictures that may be on their way to the page. */
const MOST_UNDER_WAY = 2;
/** A decoder that has frames and gives no picture for so long has failed. */
const PATIENCE_MS = 4_000;
// VP8 does not tell its colours.
const COLOR_SPACE = { primaries: "bt709", transfer: "bt709", matrix: "bt709", fullRange: false };

let decoder = null;
let configured = "";
let rung = null;
let epoch = null;
let needsKey = true;
/** Arrivals by timestamp, in the order of decoding. */
const decoding = new Map();
let waiting = null;
let underWay = 0;
let progressAt = 0;
let fedAt = 0;

onmessage = ({ data }) => {
  switch (data.type) {
    case "frame": return decode(data);
    case "taken":
      underWay--;
      return handOver();
    case "reset": return reset("looked away");
  }
};

setInterval(() => {
  // A decoder that is given nothing may keep its last frame for as long.
  if (decoding.size && fedAt - progressAt > PATIENCE_MS) failed("it gives no pictures");
}, 1_000);

function decode(frame) {
  if (frame.epoch !== epoch) {
    epoch = frame.epoch;
    needsKey = true;
  }
  if (!frame.key) {
    // After a gap only a key frame helps.
    needsKey ||= frame.discontinuity;
    if (needsKey) return dropped(frame.arrival, "before a key frame");
  }
  try {
    if (frame.key) prepare(frame);
    if (!decoding.size) progressAt = performance.now();
    decoding.set(frame.pts, frame.arrival);
    fedAt = performance.now();
    decoder.decode(new EncodedVideoChunk({
      type: frame.key ? "key" : "delta", timestamp: frame.pts, data: frame.payload,
    }));
    needsKey = false;
  } catch (error) {
    failed(error.message);
  }
}

/** A key frame says what the frames are from there on. */
function prepare(frame) {
  const isH264 = family(frame.codec) === "avc1";
  const codec = (isH264 && codecOfParameterSets(frame.payload)) || frame.codec;
  const wanted = `${codec} ${frame.acceleration} ${frame.epoch}`;
  if (decoder?.state === "configured" && wanted === configured && !needsKey) return;
  reset("begun anew");
  rung = { codec: frame.codec, acceleration: frame.acceleration };
  const current = new VideoDecoder({
    output: (picture) => (current === decoder ? decoded(picture) : picture.close()),
    error: (error) => { if (current === decoder) failed(error.message); },
  });
  decoder = current;
  configured = wanted;
  decoder.configure({
    codec, hardwareAcceleration: frame.acceleration, optimizeForLatency: true, colorSpace: COLOR_SPACE,
  });
}

function decoded(picture) {
  progressAt = performance.now();
  const arrival = decoding.get(picture.timestamp);
  if (arrival === undefined) return picture.close();
  // Pictures come in the order of decoding: what was before this one will not come.
  for (const [timestamp, earlier] of decoding) {
    decoding.delete(timestamp);
    if (earlier === arrival) break;
    dropped(earlier, "not decoded");
  }
  if (waiting) {
    waiting.picture.close();
    dropped(waiting.arrival, "overtaken");
  }
  waiting = { type: "picture", arrival, picture, decodedAt: performance.timeOrigin + performance.now() };
  handOver();
}

function handOver() {
  if (!waiting || underWay >= MOST_UNDER_WAY) return;
  underWay++;
  postMessage(waiting, [waiting.picture]);
  waiting = null;
}

/** Gives the decoder up with all that it holds. */
function reset(reason) {
  const old = decoder;
  decoder = null;
  needsKey = true;
  if (old && old.state !== "closed") old.close();
  for (const arrival of decoding.values()) dropped(arrival, reason);
  decoding.clear();
  if (waiting) {
    waiting.picture.close();
    dropped(waiting.arrival, reason);
    waiting = null;
  }
}

function failed(reason) {
  reset("not decoded");
  // The rest is advice for whoever wrote the page.
  const [first] = reason.replace(/^Failed to execute .*?: /, "").trim().split(/\.(?:\s|$)/);
  postMessage({ type: "failed", ...rung, reason: first });
}

function dropped(arrival, reason) {
  postMessage({ type: "dropped", arrival, reason });
}
