// The binary header before every frame (phi-frames.v1): big-endian, at least 48 bytes.

const MAGIC = 0x56;
const VERSION = 1;
const SHORTEST = 48;
const MIME = new Map([[2, "image/jpeg"], [3, "image/png"]]);

/** The frame in a binary message, or null where it is none that can be painted. */
export function parseFrame(buffer) {
  if (buffer.byteLength < SHORTEST) return null;
  const view = new DataView(buffer);
  if (view.getUint8(0) !== MAGIC || view.getUint8(1) !== VERSION) return null;
  const mime = MIME.get(view.getUint8(2));
  const start = view.getUint16(4);
  const length = view.getUint32(40);
  if (!mime || start < SHORTEST || start + length > buffer.byteLength) return null;
  return {
    mime,
    epoch: view.getUint32(8),
    seq: view.getUint32(12),
    // A double holds whole microseconds exactly for 285 years.
    pts: Number(view.getBigUint64(16)),
    width: view.getUint16(36),
    height: view.getUint16(38),
    payload: new Uint8Array(buffer, start, length),
  };
}
