"""Asks a server that was just started whether it is ready, and which version it is."""

import http.client
import json
import time

from engine import Mistake


def ask(port, path, token=""):
    """(status, JSON) of the server on this machine; (0, {}) where nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"} if token else {})
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException):
        return 0, {}
    finally:
        connection.close()
    try:
        return answer.status, json.loads(body)
    except ValueError:
        return answer.status, {}


def wait_until_ready(engine, stage, patience):
    """Returns once frames are drawn. A container that ended is not waited for."""
    token = stage.settings.get("SOUNDLAB_AUTH_TOKEN", "")
    deadline, last = time.monotonic() + patience, "nobody answers"
    while time.monotonic() < deadline:
        status, answer = ask(stage.port, "/readyz", token)
        if status == 200:
            return ask(stage.port, "/version", token)[1]
        if status:
            failed = [name for name, is_right in answer.get("checks", {}).items() if not is_right]
            last = f"/readyz answers {status}" + (f": {', '.join(failed)}" if failed else "")
        state = engine.state(stage.container)
        if state in ("exited", "dead", "stopped", "restarting"):
            raise Mistake(f"the container {stage.container} has ended; its last lines are above")
        time.sleep(0.5)
    raise Mistake(f"the server on port {stage.port} was not ready within {patience} s ({last})")
