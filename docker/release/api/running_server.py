"""A server of the program on a free port of this machine, with a data directory of its own."""

import contextlib
import http.client
import os
import subprocess
import tempfile
import time
import urllib.parse
from pathlib import Path


class Mistake(Exception):
    """One sentence: what is wrong, what to do."""


def fetch(url, headers=None, timeout=10):
    """Status, headers and body; of a stream its beginning."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
    try:
        connection.request("GET", parts.path + (f"?{parts.query}" if parts.query else ""), headers=headers or {})
        answer = connection.getresponse()
        is_stream = answer.headers["Content-Type"].startswith("multipart/")
        return answer.status, answer.headers, answer.read(4_096) if is_stream else answer.read()
    finally:
        connection.close()


@contextlib.contextmanager
def serving(binary, token=None, patience=30):
    """The address of a server that is ready, and ends with the block."""
    binary = Path(binary).resolve()
    if not binary.is_file():
        raise Mistake(f"{binary} is missing: build first (make build)")
    with tempfile.TemporaryDirectory(prefix="phi-matrix-api-") as folder:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SOUNDLAB_")}
        headers = {}
        if token:
            environment |= {"SOUNDLAB_AUTH_TOKEN": token, "SOUNDLAB_VIEW_TOKEN": f"{token}-to-look"}
            headers = {"Authorization": f"Bearer {token}"}
        said, complaints = Path(folder, "said"), Path(folder, "complaints")
        # Small pictures, and few: what is looked at is what is answered.
        command = [str(binary), "serve", "--port", "0", "--data-dir", str(Path(folder, "data")), "--size", "320x180", "--fps", "15"]
        with said.open("w") as out, complaints.open("w") as errors:
            server = subprocess.Popen(command, stdout=out, stderr=errors, env=environment, cwd=folder)
        try:
            deadline = time.monotonic() + patience
            while True:
                url = said.read_text().strip().rstrip("/")
                with contextlib.suppress(OSError, http.client.HTTPException):
                    if url and fetch(f"{url}/readyz", headers, 2)[0] == 200:
                        break
                if server.poll() is not None or time.monotonic() > deadline:
                    raise Mistake(f"The server did not start: {complaints.read_text()[-2_000:].strip()}")
                time.sleep(0.1)
            yield url
            if server.poll() is not None:
                raise Mistake(f"The server ended during the test, with {server.returncode}: {complaints.read_text()[-2_000:].strip()}")
        finally:
            server.terminate()
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
