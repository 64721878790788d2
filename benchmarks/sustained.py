#!/usr/bin/env python3
"""Runs the server for a minute with viewers that acknowledge every frame, as a browser does, and measures what a person
would notice: the time to the first frame, frames a second, latency from the engine's sample to the viewer, memory.

The first of --codecs is measured; a viewer for each of the others watches beside it.

    make build && python3 benchmarks/sustained.py --engine audio:/usr/share/games/frozen-bubble/snd/introzik.ogg

Standard library only. Exits with 1 where a limit is missed. Viewer and server share this machine's clocks.
"""
import argparse
import json
import os
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time

from viewer_socket import WebSocket

HEADER = struct.Struct(">BBBBHHIIQIIIHHII")


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else float("nan")


def resident_megabytes(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def sample_times(host, port, times, stop):
    """Notes when each engine sample was taken, by its number, from /ws/metrics."""
    stream = WebSocket(host, port, "/ws/metrics")
    while not stop.is_set():
        opcode, payload = stream.receive()
        if opcode != 1:
            return
        message = json.loads(payload)
        times[message["frame_id"]] = message["timestamp"]


SPELLED = {"h264": "avc1.42E01F", "vp9": "vp09.00.31.08", "vp8": "vp8", "jpeg": "jpeg"}


def subscribe(host, port, codec):
    stream = WebSocket(host, port, "/ws/frames", "phi-frames.v1")
    stream.receive()
    stream.send({"type": "subscribe", "codecs": [SPELLED[codec]], "max_fps": 240})
    return stream


def acknowledge(stream, sequence):
    stream.send({"type": "ack", "seq": sequence, "decoded_ms": 1, "presented_ms": 2, "dropped": 0, "decode_queue": 0,
                 "visible": True})


def watch_beside(host, port, codec, counts, stop):
    stream = subscribe(host, port, codec)
    while not stop.is_set():
        opcode, payload = stream.receive()
        if opcode == 2:
            counts[codec] = counts.get(codec, 0) + 1
            acknowledge(stream, HEADER.unpack_from(payload)[7])


def watch(host, port, seconds, pid, codecs):
    times, stop, beside = {}, threading.Event(), {}
    threading.Thread(target=sample_times, args=(host, port, times, stop), daemon=True).start()
    stream = subscribe(host, port, codecs[0])
    for codec in codecs[1:]:
        threading.Thread(target=watch_beside, args=(host, port, codec, beside, stop), daemon=True).start()
    if len(codecs) > 1:
        # What begins beside it belongs to no second that is measured.
        begin = time.monotonic()
        while time.monotonic() - begin < 1:
            opcode, payload = stream.receive()
            if opcode == 2:
                acknowledge(stream, HEADER.unpack_from(payload)[7])
        beside.clear()
    frames, arrivals, from_render, memory, encode, size = [], [], [], [], [], 0
    start = time.monotonic()
    processor = processor_seconds(pid)
    while time.monotonic() - start < seconds:
        opcode, payload = stream.receive()
        if opcode != 2:
            continue
        now, wall = time.monotonic_ns() // 1000, time.time()
        fields = HEADER.unpack_from(payload)
        sequence, pts, state = fields[7], fields[8], fields[15]
        frames.append((wall, state))
        arrivals.append(now)
        from_render.append((now - pts) / 1000)
        encode.append(fields[11] / 1000)
        size += len(payload)
        acknowledge(stream, sequence)
        if len(frames) % 60 == 0:
            memory.append(resident_megabytes(pid))
    elapsed = time.monotonic() - start
    processor = processor_seconds(pid) - processor
    stop.set()
    from_sample = [(wall - times[state]) * 1000 for wall, state in frames if state in times]
    gaps = [(b - a) / 1000 for a, b in zip(arrivals, arrivals[1:])]
    per_second = [sum(1 for a in arrivals if s <= (a - arrivals[0]) / 1e6 < s + 1) for s in range(int(elapsed) - 1)]
    return {
        "seconds": round(elapsed, 1), "frames": len(frames), "fps": round(len(frames) / elapsed, 1),
        "fps_worst_second": min(per_second),
        "codec": codecs[0], "bytes_a_frame": round(size / max(len(frames), 1)),
        "fps_beside": {codec: round(count / elapsed, 1) for codec, count in beside.items()},
        "encode_ms": {p: round(percentile(encode, s), 2) for p, s in (("p50", .5), ("p95", .95), ("p99", .99))},
        "gap_ms_p99": round(percentile(gaps, 0.99), 1),
        "sample_to_viewer_ms": {p: round(percentile(from_sample, s), 1) for p, s in (("p50", .5), ("p95", .95), ("p99", .99), ("max", 1))},
        "samples_matched": len(from_sample),
        "render_to_viewer_ms": {p: round(percentile(from_render, s), 1) for p, s in (("p50", .5), ("p95", .95), ("p99", .99), ("max", 1))},
        "memory_mb_max": round(max(memory, default=resident_megabytes(pid)), 1),
        "cpu_percent": round(100 * processor / elapsed, 1),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", default=os.path.join(os.path.dirname(__file__), "..", ".build", "release", "phi-matrix"))
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--engine", default="synthetic")
    parser.add_argument("--scene", default="topology")
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--fps", default="60")
    parser.add_argument("--codecs", default="jpeg", help="h264, vp9, vp8, jpeg; with commas")
    parser.add_argument("--least-fps", type=float, default=30)
    parser.add_argument("--most-latency-ms", type=float, default=100)
    parser.add_argument("--most-memory-mb", type=float, default=200)
    parser.add_argument("--most-start-s", type=float, default=1)
    parser.add_argument("--most-encode-ms", type=float, default=1000)
    options = parser.parse_args()
    codecs = options.codecs.split(",")
    if any(codec not in SPELLED for codec in codecs):
        parser.error(f"--codecs takes {', '.join(SPELLED)}")
    with tempfile.TemporaryDirectory() as data:
        started = time.monotonic()
        server = subprocess.Popen(
            [options.binary, "serve", "--port", "0", "--data-dir", data, "--engine", options.engine, "--scene",
             options.scene, "--size", options.size, "--fps", options.fps], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            url = server.stdout.readline().decode().strip()
            if not url:
                sys.exit("The server did not start; run it by hand to see why.")
            start = time.monotonic() - started
            result = {"start_to_first_frame_s": round(start, 2)}
            result |= watch("127.0.0.1", int(url.rstrip("/").rsplit(":", 1)[1]), options.seconds, server.pid, codecs)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(10)
    print(json.dumps(result, indent=2))
    missed = [
        name for name, is_missed in (
            ("frames a second", result["fps_worst_second"] < options.least_fps),
            ("latency", result["sample_to_viewer_ms"]["p99"] > options.most_latency_ms),
            ("encoding", result["encode_ms"]["p99"] > options.most_encode_ms),
            ("memory", result["memory_mb_max"] > options.most_memory_mb),
            ("time to the first frame", start > options.most_start_s)) if is_missed]
    if missed:
        sys.exit(f"Limits were missed: {', '.join(missed)}.")


main()
