"""Stands in for docker: images, tags and containers in a JSON file, every command in a list of its own.

What an image does when it runs is in "images": ready (false: never), ends (the state it is in then), commit, smoke (exit codes, one a try).
"""

import json
import os
import sys
from pathlib import Path

FILE = Path(os.environ["FAKE_ENGINE"])


def fail(text, code=1):
    print(f"Error: {text}", file=sys.stderr)
    return code


def compose(state, arguments):
    if arguments == ["version"]:
        return 0
    project, services = arguments[arguments.index("-p") + 1], arguments[arguments.index("-d") + 1:]
    suffix = "-staging" if project.endswith("-staging") else ""
    if services != ["soundlab"]:
        # As podman-compose does: nothing is said of the one that does not start.
        for part in ["nginx", "prometheus"] + ([] if state.get("grafana_fails") else ["grafana"]):
            state["containers"][f"soundlab-{part}{suffix}"] = {"image": part, "status": "running"}
        return fail("no network") if state.get("around_fails") else 0
    container = "soundlab-phi-matrix" + suffix
    image = state["tags"]["soundlab/phi-matrix:latest"]
    state["containers"][container] = {"image": image, "status": state["images"][image].get("ends", "running")}
    return 0


def execute(state, container, command):
    image = state["images"][state["containers"][container]["image"]]
    if command[1] == "backup":
        return fail("the disk is full") if state.get("backup_fails") else 0
    codes = image.get("smoke", [])
    return codes.pop(0) if codes else 0


def main(state, command):
    verb, rest = command[0], command[1:]
    tags, containers = state["tags"], state["containers"]
    if verb == "info":
        return 0
    if verb == "compose":
        return compose(state, rest)
    if verb == "image":
        _, _, form, reference = rest
        number = tags.get(reference, reference)
        if number not in state["images"]:
            return fail(f"no such image: {reference}")
        image = state["images"][number]
        print(number if "Id" in form else json.dumps({"com.soundlab.version": image["version"], "com.soundlab.commit": image["commit"]}))
    elif verb == "tag":
        if not state.get("tags_stick"):
            tags[rest[1]] = tags.get(rest[0], rest[0])
    elif verb == "rmi":
        return 0 if tags.pop(rest[0], None) else fail("no such image")
    elif verb == "container":
        if rest[-1] not in containers:
            return fail("no such container")
        print(containers[rest[-1]]["status"])
    elif verb == "stop":
        containers[rest[-1]]["status"] = "exited"
    elif verb == "rm":
        del containers[rest[-1]]
    elif verb == "exec":
        return execute(state, rest[0], rest[1:])
    elif verb == "logs":
        print("the last line of " + containers[rest[-1]]["image"])
    elif verb == "pull":
        return fail("no registry")
    else:
        return fail(f"unknown: {verb}", 64)
    return 0


if __name__ == "__main__":
    state = json.loads(FILE.read_text())
    state["commands"].append(sys.argv[1:])
    code = main(state, sys.argv[1:])
    FILE.write_text(json.dumps(state))
    sys.exit(code)
