// Numbers as text. A value that is missing or not finite is a dash, never "NaN".

const DASH = "–";

export function fixed(value, digits) {
  return Number.isFinite(value) ? value.toFixed(digits) : DASH;
}

/** A frequency with about four figures, such as 0.81 Hz, 14.52 Hz, 440.0 Hz, 3.20 kHz. */
export function hertz(value) {
  if (!Number.isFinite(value)) return DASH;
  if (value >= 1000) return `${(value / 1000).toFixed(2)} kHz`;
  return `${value.toFixed(value >= 100 ? 1 : 2)} Hz`;
}

/** Writes only what has changed: layout costs more than a comparison. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function element(tag, attributes = {}, children = []) {
  const created = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) created.setAttribute(name, value);
  created.append(...children);
  return created;
}
