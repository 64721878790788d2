"""Published advisories about the Swift packages (OSV) and about what is had from PyPI (PyPI's own, which are OSV's too)."""

import json
import re
import urllib.error
import urllib.request
from pathlib import Path

from bill import Mistake
from finding import Finding, Unchecked

OSV, PYPI = "https://api.osv.dev", "https://pypi.org"
SECONDS = 20


def ask(url, body=None):
    if not url.startswith(("https://", "http://127.0.0.1:")):
        raise Mistake(f"{url} is no https address: give one")
    request = urllib.request.Request(url, data=body and json.dumps(body).encode(), headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=SECONDS) as reply:
        return json.load(reply)


def swift_pins(resolved):
    """(name, version) of Package.resolved, where names are addresses without their scheme."""
    try:
        pins = json.loads(Path(resolved).read_text())["pins"]
    except FileNotFoundError as error:
        raise Mistake(f"{resolved} is missing: build first (make build)") from error
    for pin in pins:
        address = re.sub(r"^https?://|\.git$", "", pin["location"])
        yield address, pin["state"].get("version") or pin["state"]["revision"]


def swift(resolved, osv=OSV):
    pins = sorted(swift_pins(resolved))
    queries = [{"package": {"purl": f"pkg:swift/{name}@{version}"}} for name, version in pins]
    try:
        answers = ask(f"{osv}/v1/querybatch", {"queries": queries})["results"]
    except (urllib.error.URLError, TimeoutError, ValueError, KeyError) as error:
        yield Unchecked("advisory", f"{len(pins)} Swift packages: {osv} cannot be asked ({reason(error)})")
        return
    for (name, version), answer in zip(pins, answers, strict=True):
        for one in answer.get("vulns", []):
            yield Finding("advisory", name, f"{one['id']} is about {version}: depend on a version that is mended")


def requirements(path):
    return re.findall(r"^([A-Za-z0-9._-]+)==([^\s\\]+)", Path(path).read_text(), re.M)


def python(path, pypi=PYPI):
    unanswered = []
    for name, version in requirements(path):
        try:
            facts = about(name, version, pypi)
        except (urllib.error.URLError, TimeoutError, ValueError, KeyError) as error:
            unanswered.append((f"{name} {version}", reason(error)))
            continue
        for one in facts["vulnerabilities"]:
            if not one.get("withdrawn"):
                mended = ", ".join(one.get("fixed_in") or []) or "no version yet"
                yield Finding("advisory", name, f"{one['id']} is about {version}, mended in {mended}: pin that")
        if any(file.get("yanked") for file in facts.get("urls", [])):
            yield Finding("advisory", name, f"{version} was withdrawn from PyPI: pin another")
    if unanswered:
        names = ", ".join(name for name, _ in unanswered)
        yield Unchecked("advisory", f"{names}: {pypi} has no answer ({unanswered[0][1]})")


def about(name, version, pypi):
    """A mirror may have the newest version's facts alone."""
    try:
        return ask(f"{pypi}/pypi/{name}/{version}/json")
    except urllib.error.HTTPError as error:
        if error.code != 404:
            raise
    facts = ask(f"{pypi}/pypi/{name}/json")
    if facts["info"]["version"] != version:
        raise ValueError(f"it tells of {facts['info']['version']} alone")
    return facts


def reason(error):
    return str(getattr(error, "reason", error)) or type(error).__name__
