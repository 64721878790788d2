// The binary header before every frame (phi-frames.v1): big-endian, at least 48 bytes.

const MAGIC = 0x56;
const VERSION = 1;
const SHORTEST = 48;
const KEY = 1;
const DISCONTINUITY = 2;
const REPEAT = 4;

export const VIDEO = 1;
export const JPEG = 2;
export const PNG = 3;

/**
 * The frame in a binary message, or null where it is none. `payload` lies in the message's own buffer; times that end in
 * Us are microseconds, and `pts` is one of the server's monotonic clock.
 * @param {ArrayBuffer} buffer
 */
export function parseFrame(buffer) {
  if (buffer.byteLength < SHORTEST) return null;
  const view = new DataView(buffer);
  if (view.getUint8(0) !== MAGIC || view.getUint8(1) !== VERSION) return null;
  const type = view.getUint8(2);
  const flags = view.getUint8(3);
  const start = view.getUint16(4);
  const length = view.getUint32(40);
  if (type < VIDEO || type > PNG || start < SHORTEST || start + length !== buffer.byteLength) return null;
  return {
    type,
    key: (flags & KEY) !== 0,
    discontinuity: (flags & DISCONTINUITY) !== 0,
    repeat: (flags & REPEAT) !== 0,
    stream: view.getUint16(6),
    epoch: view.getUint32(8),
    seq: view.getUint32(12),
    // A double holds whole microseconds exactly for 285 years.
    pts: Number(view.getBigUint64(16)),
    renderUs: view.getUint32(24),
    readbackUs: view.getUint32(28),
    encodeUs: view.getUint32(32),
    width: view.getUint16(36),
    height: view.getUint16(38),
    stateSeq: view.getUint32(44),
    payload: new Uint8Array(buffer, start, length),
  };
}
