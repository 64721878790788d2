// The colour of a channel: the same formulas as the renderer's, so that a row here matches what is drawn.

const LOWEST_HZ = 20;
const HIGHEST_HZ = 2000;
const SATURATION = 0.82;
const GOLDEN_RATIO = (1 + Math.sqrt(5)) / 2;

export const GOLDEN_ANGLE = 360 * (2 - GOLDEN_RATIO);
export const PHI = GOLDEN_RATIO;

/** Hues in degrees of channels with these frequencies, turned by Φ. Sub-audio channels are moved up together. */
export function channelHues(frequencies, phiPhase) {
  const lowest = Math.min(LOWEST_HZ, ...frequencies);
  const factor = lowest > 0 ? 2 ** Math.ceil(Math.log2(LOWEST_HZ / lowest)) : 1;
  const turn = (phiPhase / (2 * Math.PI)) * GOLDEN_ANGLE;
  return frequencies.map((f) => mod(hue(f < LOWEST_HZ ? f * factor : f) + turn, 360));
}

/** The drawn lightness of an amplitude, [0, 1]. */
export function lightness(amplitude, breathing) {
  return clamp(amplitude, 0, 1) ** (1 / 2.2) * (0.5 + 0.5 * breathing);
}

/** A CSS colour of a hue in degrees, scaled by lightness. */
export function cssColor(hueDegrees, light = 1) {
  const component = (offset) => {
    const x = (offset + hueDegrees / 60) % 6;
    return Math.round(255 * light * (1 - SATURATION * clamp(Math.min(x, 4 - x), 0, 1)));
  };
  return `rgb(${component(5)} ${component(3)} ${component(1)})`;
}

export function clamp(value, low, high) {
  return Math.min(high, Math.max(low, value));
}

function hue(frequency) {
  const f = clamp(frequency, LOWEST_HZ, HIGHEST_HZ);
  return (360 * Math.log10(f / LOWEST_HZ)) / Math.log10(HIGHEST_HZ / LOWEST_HZ);
}

function mod(value, divisor) {
  return ((value % divisor) + divisor) % divisor;
}
