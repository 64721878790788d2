// The codecs that the page knows: what it asks the server for, and what people call them.

/** In the order of preference; each by the codec string of RFC 6381 of a usual profile and level. */
export const VIDEO_CODECS = ["avc1.42E01F", "vp09.00.40.08", "vp8"];
export const STILLS = "jpeg";

const NAMES = new Map([["avc1", "H.264"], ["vp09", "VP9"], ["vp8", "VP8"], ["jpeg", "JPEG"], ["png", "PNG"]]);
// What the page's own address calls them.
const ASKED = new Map([["h264", VIDEO_CODECS[0]], ["vp9", VIDEO_CODECS[1]], ["vp8", VIDEO_CODECS[2]], ["jpeg", STILLS]]);

/** What comes before profile and level. */
export function family(codec) {
  return codec.split(".")[0].toLowerCase();
}

export function displayName(codec) {
  return NAMES.get(family(codec)) ?? codec;
}

/** The codec that `?codec=` names, or undefined. */
export function codecNamed(name) {
  return ASKED.get(name?.toLowerCase());
}
