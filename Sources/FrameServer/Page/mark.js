// Reads the latency mark that `serve --latency-mark` draws into the lower left corner: 16 × 5 cells, each an eightieth of
// the picture's longer side, with a black border one cell wide. Row by row, the highest bit of a byte on the left: the
// pattern 0xB2, a check byte, the frame number, and the low 32 bits of when the drawn state was sampled (µs of the
// server's monotonic clock), big-endian. White is 1.

const COLUMNS = 16;
const ROWS = 5;
const CELLS_OF_LONGER_SIDE = 80;
const PATTERN = 0xb2;
const LEAST_CONTRAST = 64;

/** Where the mark lies in a picture, or null where it has no room. */
function corner(width, height) {
  const cell = Math.max(width, height) / CELLS_OF_LONGER_SIDE;
  const top = height - cell * (ROWS + 2);
  return top >= 0 && cell * (COLUMNS + 2) <= width ? { cell, top } : null;
}

/**
 * The mark of a picture, or null where there is none, or its check byte is wrong.
 * @param {number} width of the picture; so is `height`, pixels
 * @param {(x: number, y: number) => number} luma how light a pixel is, 0 … 255
 * @returns {{frame: number, stateTime: number} | null}
 */
export function decodeMark(width, height, luma) {
  const place = corner(width, height);
  if (!place) return null;
  const bytes = [];
  const lights = [];
  for (let n = 0; n < COLUMNS * ROWS; n++) {
    const x = place.cell * ((n % COLUMNS) + 1);
    const y = place.top + place.cell * (Math.floor(n / COLUMNS) + 1);
    lights.push(innerMean(x, y, place.cell, luma));
  }
  const isPatternBit = (bit) => (PATTERN & (0x80 >> bit)) !== 0;
  const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
  const white = mean(lights.filter((_, n) => n < 8 && isPatternBit(n)));
  const black = mean(lights.filter((_, n) => n < 8 && !isPatternBit(n)));
  if (white - black < LEAST_CONTRAST) return null;
  for (let n = 0; n < lights.length; n += 8) {
    bytes.push(lights.slice(n, n + 8).reduce((byte, light) => (byte << 1) | (light > (white + black) / 2 ? 1 : 0), 0));
  }
  if (bytes[0] !== PATTERN || bytes[1] !== crc8(bytes.slice(2))) return null;
  const word = (n) => ((bytes[n] << 24) | (bytes[n + 1] << 16) | (bytes[n + 2] << 8) | bytes[n + 3]) >>> 0;
  return { frame: word(2), stateTime: word(6) };
}

/** The mean of a cell's inner half: its edges are blurred. */
function innerMean(x, y, cell, luma) {
  const range = (from) => {
    const first = Math.floor(from + cell / 4);
    return [first, Math.max(first, Math.floor(from + (3 * cell) / 4) - 1)];
  };
  const [left, right] = range(x);
  const [upper, lower] = range(y);
  let sum = 0;
  for (let row = upper; row <= lower; row++) for (let column = left; column <= right; column++) sum += luma(column, row);
  return sum / ((right - left + 1) * (lower - upper + 1));
}

/** CRC-8/I-432-1: polynomial 0x07, result ⊕ 0x55 (ITU-T I.432.1 §4.3.2). */
function crc8(bytes) {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1;
  }
  return crc ^ 0x55;
}

/** Reads marks from a canvas. It copies the corner first, so that the canvas itself stays on the graphics card. */
export class MarkReader {
  #context = null;

  read(canvas) {
    const { width, height } = canvas;
    const place = corner(width, height);
    if (!place) return null;
    const top = Math.floor(place.top);
    const [w, h] = [Math.ceil(place.cell * (COLUMNS + 2)), height - top];
    this.#context ??= Object.assign(document.createElement("canvas"), { width: w, height: h })
      .getContext("2d", { alpha: false, willReadFrequently: true });
    const copy = this.#context.canvas;
    if (copy.width !== w) copy.width = w;
    if (copy.height !== h) copy.height = h;
    this.#context.drawImage(canvas, 0, top, w, h, 0, 0, w, h);
    const { data } = this.#context.getImageData(0, 0, w, h);
    return decodeMark(width, height, (x, y) => {
      const n = 4 * ((y - top) * w + x);
      return 0.2126 * data[n] + 0.7152 * data[n + 1] + 0.0722 * data[n + 2];
    });
  }
}
