// The byte stream format of H.264 (ITU-T H.264, Annex B).

const SPS = 7;

/** "avc1." with profile, constraints and level of the first sequence parameter set; null where there is none. */
export function codecOfParameterSets(bytes) {
  for (let n = 0; n + 6 < bytes.length; n++) {
    if (bytes[n] !== 0 || bytes[n + 1] !== 0 || bytes[n + 2] !== 1 || (bytes[n + 3] & 0x1f) !== SPS) continue;
    const hex = Array.from(bytes.subarray(n + 4, n + 7), (byte) => byte.toString(16).padStart(2, "0"));
    return `avc1.${hex.join("").toUpperCase()}`;
  }
  return null;
}
