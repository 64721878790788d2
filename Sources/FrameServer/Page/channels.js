// The eight channel rows: colour, frequency, amplitude, phase.

import { channelHues, clamp, cssColor, lightness } from "./color.js";
import { element, hertz, setText } from "./text.js";

export class ChannelRows {
  #list;
  #rows = [];

  constructor(list) {
    this.#list = list;
  }

  /** Numerals and bars are of the same sample, so that they agree. */
  show(metrics) {
    const channels = metrics.channel_metrics ?? [];
    while (this.#rows.length < channels.length) this.#rows.push(this.#addRow(this.#rows.length));
    while (this.#rows.length > channels.length) this.#rows.pop().item.remove();
    const hues = channelHues(channels.map((c) => c.frequency ?? 0), metrics.phi_phase ?? 0);
    channels.forEach((channel, k) => {
      showRow(this.#rows[k], channel, hues[k], metrics.phi_breathing ?? 0.5);
    });
  }

  #addRow(k) {
    const swatch = element("i", { class: "swatch" });
    const frequency = element("span", { class: "frequency" });
    const bar = element("i");
    const hand = element("i");
    const amplitude = element("span", { class: "amplitude" });
    const item = element("li", {}, [
      swatch,
      element("span", { class: "name" }, [`CH${k}`]),
      frequency,
      element("i", { class: "level-bar" }, [bar]),
      amplitude,
      element("i", { class: "phase" }, [hand]),
    ]);
    this.#list.append(item);
    return { item, swatch, frequency, bar, hand, amplitude };
  }
}

function showRow(row, channel, hue, breathing) {
  const active = channel.active !== false;
  const amplitude = active ? clamp(channel.amplitude ?? 0, 0, 1) : 0;
  row.item.style.setProperty("--hue", cssColor(hue));
  row.swatch.style.backgroundColor = cssColor(hue, lightness(amplitude, breathing));
  row.bar.style.transform = `scaleX(${amplitude.toFixed(3)})`;
  row.hand.style.transform = `rotate(${(-(channel.phase ?? 0)).toFixed(3)}rad)`;
  row.item.classList.toggle("silent", !active);
  setText(row.frequency, hertz(channel.frequency));
  setText(row.amplitude, amplitude.toFixed(2));
}
