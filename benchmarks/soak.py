#!/usr/bin/env python3
"""Lets viewers come and go for three quarters of an hour, in order and by pulling the plug, while scenes and presets change
and sessions are recorded, and looks whether the server grows: memory and open files in quiet moments, when everybody has
left. A leak shows in the heap in use. Resident memory has besides what the allocator keeps, and goes up and down by a megabyte
or two: where it alone is over the limit, a run with more --minutes tells whether it grows.

The software driver fills a buffer of a megabyte in a quarter of an hour at 30 frames a second, and keeps the full one beside
the next: a step, once, so the warm-up is longer than that.

    make build && python3 benchmarks/soak.py

Standard library only. Exits with 1 where a limit is missed.
"""
import argparse
import http.client
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from viewer_socket import WebSocket

PATHS = ["/ws/frames?codec=jpeg&fps=10", "/ws/frames?codec=h264", "/ws/metrics", "/ws/dashboard", "/stream.mjpg?fps=5"]
PRESETS = ["default", "deep", "flow", "golden_ratio", "peak"]
SCENES = ["spectral", "breathing", "topology", "waveform", "matrix", "field"]


class Visitor(threading.Thread):
    """Watches for a while, and leaves politely or not."""

    def __init__(self, port, path, until, chance):
        super().__init__(daemon=True)
        self.port, self.path, self.until = port, path, until
        self.is_polite = chance.random() < 0.5
        self.messages, self.trouble = 0, None

    def run(self):
        start = time.monotonic()
        try:
            if self.path.startswith("/ws/"):
                self.watch_socket()
            else:
                self.watch_stream()
        except (OSError, EOFError, RuntimeError) as error:
            self.trouble = f"{self.path}: {error or type(error).__name__}"
        # Who comes for a moment may miss everything.
        if not self.trouble and not self.messages and time.monotonic() - start > 3:
            self.trouble = f"{self.path}: nothing came"

    def watch_socket(self):
        socket = WebSocket("127.0.0.1", self.port, self.path)
        socket.socket.settimeout(10)
        if self.path == "/ws/dashboard":
            socket.send({"type": "get_state"})
        while time.monotonic() < self.until:
            socket.receive()
            self.messages += 1
        if self.is_polite:
            socket.send((1000).to_bytes(2, "big"), 8)
        socket.socket.close()

    def watch_stream(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", self.path)
        answer = connection.getresponse()
        while time.monotonic() < self.until:
            if not answer.read(16384):
                raise EOFError("the stream ended")
            self.messages += 1
        connection.close()


def call(port, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET" if body is None else "POST", path, None if body is None else json.dumps(body))
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} answers with {answer.status}: {content[:200]}")
    return content


def sample(pid, port):
    """Resident memory and the heap in use, in MB, and open files."""
    count = len(os.listdir(f"/proc/{pid}/fd"))
    with open(f"/proc/{pid}/status") as status:
        resident = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
    lines = call(port, "/metrics").decode().splitlines()
    heap = next(float(line.split()[1]) for line in lines if line.startswith("soundlab_heap_bytes "))
    return resident / 1024, heap / 1048576, count


def slope(points):
    """Median of the slopes between any two points (Theil and Sen), in units an hour."""
    pairs = [(b[1] - a[1]) / (b[0] - a[0]) for n, a in enumerate(points) for b in points[n + 1:]]
    return statistics.median(pairs) * 3600 if pairs else 0.0


def crowd(port, seconds, viewers, chance, seen):
    """Visitors for so long; returns when all have left."""
    end = time.monotonic() + seconds
    present = []
    while time.monotonic() < end:
        present = [visitor for visitor in present if visitor.is_alive() or seen.append(visitor)]
        while len(present) < viewers:
            stay = min(chance.uniform(0.5, 12), max(0.2, end - time.monotonic()))
            visitor = Visitor(port, chance.choice(PATHS), time.monotonic() + stay, chance)
            visitor.start()
            present.append(visitor)
        if chance.random() < 0.1:
            call(port, "/api/scene", {"scene": chance.choice(SCENES), "transition_s": 0.5})
        if chance.random() < 0.05:
            call(port, "/api/preset/load", {"preset_id": chance.choice(PRESETS), "transition_s": 0.5})
        if chance.random() < 0.05:
            call(port, "/snapshot.png")
        time.sleep(0.25)
    for visitor in present:
        visitor.join(20)
        if visitor.is_alive():
            visitor.trouble = f"{visitor.path}: does not end"
        seen.append(visitor)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=".build/release/phi-matrix")
    parser.add_argument("--minutes", type=float, default=48)
    parser.add_argument("--viewers", type=int, default=8)
    parser.add_argument("--size", default="320x180")
    parser.add_argument("--fps", default="30")
    parser.add_argument("--warm-up", type=float, default=18, help="minutes that are not counted")
    parser.add_argument("--limit-slope", type=float, default=1.0, help="MB an hour, of the heap in use and of resident memory")
    parser.add_argument("--limit-files", type=int, default=2, help="open files more than after the warm-up")
    parser.add_argument("--json")
    options = parser.parse_args()
    chance = random.Random(1618)
    data = tempfile.mkdtemp(prefix="phi-matrix-soak-")
    log = open(os.path.join(data, "log"), "w+")
    server = subprocess.Popen(
        [options.program, "serve", "--port", "0", "--size", options.size, "--fps", options.fps, "--data-dir", data],
        stdout=subprocess.PIPE, stderr=log, text=True)
    points, heaps, files, seen = [], [], [], []
    try:
        port = int(server.stdout.readline().strip().rstrip("/").rsplit(":", 1)[1])
        start = time.monotonic()
        while time.monotonic() - start < options.minutes * 60:
            session = json.loads(call(port, "/api/recorder/start", {}))["session"]["id"]
            crowd(port, 50, options.viewers, chance, seen)
            call(port, "/api/recorder/stop", {})
            shutil.rmtree(os.path.join(data, "sessions", session), ignore_errors=True)
            time.sleep(8)
            memory, heap, count = sample(server.pid, port)
            minute = (time.monotonic() - start) / 60
            print(f"{minute:5.1f} min  {memory:7.2f} MB, heap {heap:7.3f} MB  {count:3d} files  "
                  f"{len(seen):4d} visitors so far", flush=True)
            if minute >= options.warm_up:
                points.append((time.monotonic(), memory))
                heaps.append((time.monotonic(), heap))
                files.append(count)
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            status = server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            status = server.wait()
    log.seek(0)
    errors = [line for line in log if " error " in line or " critical " in line]
    lost = [visitor.trouble for visitor in seen if visitor.trouble]
    report = {
        "minutes": options.minutes, "visitors": len(seen), "messages": sum(visitor.messages for visitor in seen),
        "visitors_in_trouble": len(lost), "heap_slope_mb_per_hour": round(slope(heaps), 3),
        "heap_mb": [round(heaps[0][1], 3), round(heaps[-1][1], 3)] if heaps else [],
        "memory_slope_mb_per_hour": round(slope(points), 3),
        "memory_mb": [round(points[0][1], 1), round(points[-1][1], 1)] if points else [],
        "files": [files[0], files[-1]] if files else [], "errors_in_log": len(errors), "exit_status": status,
    }
    print(json.dumps(report, indent=2))
    if options.json:
        with open(options.json, "w") as file:
            json.dump(report, file, indent=2)
    for line in errors[:5] + lost[:5]:
        print(line.strip(), file=sys.stderr)
    shutil.rmtree(data, ignore_errors=True)
    if not points:
        sys.exit("Nothing was measured; give more --minutes than --warm-up.")
    for what, figure in (("The heap in use", "heap_slope_mb_per_hour"), ("Resident memory", "memory_slope_mb_per_hour")):
        if report[figure] > options.limit_slope:
            sys.exit(f"{what} grows by {report[figure]} MB an hour, more than {options.limit_slope}.")
    if files[-1] > files[0] + options.limit_files:
        sys.exit(f"{files[-1]} files are open, after {files[0]} at first.")
    if errors or status != 0 or lost:
        sys.exit("The log has errors, visitors were in trouble, or the server did not end with 0.")


if __name__ == "__main__":
    main()
