// The page's side of the worker that decodes video.

export class VideoDecoding {
  #on;
  #worker = null;
  /** How the last frame was to be decoded. */
  #how = { codec: "", acceleration: "" };
  /** Frames that the worker has, by their arrival. */
  #frames = new Map();

  /**
   * @param {{picture: (frame: object, picture: VideoFrame, decodedAt: number) => void,
   *   dropped: (frame: object, reason: string) => void,
   *   failed: (codec: string, acceleration: string, reason: string) => void}} on
   */
  constructor(on) {
    this.#on = on;
  }

  /** Frames that wait to be decoded. */
  get queue() {
    return this.#frames.size;
  }

  /**
   * Gives the frame's buffer away.
   * @param {{codec: string, acceleration: string}} how
   */
  decode(frame, { codec, acceleration }) {
    this.#how = { codec, acceleration };
    this.#worker ??= this.#start();
    const { payload, arrival, epoch, key, discontinuity, pts } = frame;
    this.#frames.set(arrival, { ...frame, payload: null });
    this.#worker.postMessage(
      { type: "frame", arrival, epoch, key, discontinuity, pts, codec, acceleration, payload }, [payload.buffer]);
  }

  /** Forgets what is not decoded yet; what follows has to begin with a key frame. */
  reset() {
    this.#frames.clear();
    this.#worker?.postMessage({ type: "reset" });
  }

  #start() {
    const worker = new Worker(new URL("video-worker.js", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }) => this.#receive(data, worker);
    worker.onerror = (event) => {
      event.preventDefault();
      worker.terminate();
      if (this.#worker === worker) this.#worker = null;
      for (const frame of this.#frames.values()) this.#on.dropped(frame, "not decoded");
      this.#frames.clear();
      this.#on.failed(this.#how.codec, this.#how.acceleration, event.message || "its worker does not start");
    };
    return worker;
  }

  #receive(message, worker) {
    if (message.type === "failed") return this.#on.failed(message.codec, message.acceleration, message.reason);
    const frame = this.#frames.get(message.arrival);
    this.#frames.delete(message.arrival);
    if (message.type === "dropped") {
      if (frame) this.#on.dropped(frame, message.reason);
      return;
    }
    worker.postMessage({ type: "taken" });
    if (!frame) return message.picture.close();
    this.#on.picture(frame, message.picture, message.decodedAt - performance.timeOrigin);
  }
}
