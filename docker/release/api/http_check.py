"""Asks a server for everything that its OpenAPI document describes, with what fits and what does not, and compares the answers."""

import json
import subprocess
import sys
from pathlib import Path

import openapi_spec_validator

from running_server import fetch

CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance", "response_schema_conformance",
)
METHODS = ("get", "post", "put", "delete", "patch", "head", "options", "trace")
# It has no end; `stream_faults` looks at its beginning.
ENDLESS = "/stream.mjpg"
# What the same requests come from each time.
SEED = 20


def document_faults(document):
    validator = openapi_spec_validator.OpenAPIV31SpecValidator(document)
    try:
        for error in validator.iter_errors():
            yield f"{'/'.join(map(str, error.absolute_path)) or 'the document'}: {error.message[:300]}"
    except KeyError as missing:
        # What does not fit the schema need not have what is looked at next.
        yield f"the document lacks {missing} somewhere"


def conversation(url, document, folder, examples, headers=None):
    """Lets schemathesis talk to the server. What it found, and how many requests it made."""
    report, settings, described_in = (Path(folder, name) for name in ("report.json", "schemathesis.toml", "openapi.json"))
    report.unlink(missing_ok=True)
    settings.write_text("")
    described_in.write_text(json.dumps(document))
    command = [
        sys.executable, "-m", "schemathesis.cli", "--config-file", str(settings), "run", str(described_in), "--url", url,
        "--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing", "--max-examples", str(examples), "--seed", str(SEED),
        "--exclude-path", ENDLESS, "--workers", "1", "--request-timeout", "20", "--warnings", "off", "--no-color",
        "--report", "json", "--report-json-path", str(report),
    ]
    for name, value in (headers or {}).items():
        command += ["--header", f"{name}:{value}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        return [(done.stdout + done.stderr)[-12_000:]], 0
    told = json.loads(report.read_text())
    described = sum(method in item for item in document["paths"].values() for method in METHODS)
    left = {name: told["operations"][name] for name in ("selected", "tested", "errored")}
    wanted = described - (ENDLESS in document["paths"])
    faults = [] if left == {"selected": wanted, "tested": wanted, "errored": 0} else [f"of {wanted} operations only some were asked for: {left}"]
    return faults, told["test_cases"]["generated"]


def stream_faults(url, document, headers=None):
    """The beginning of the stream, and a rate that there is not."""
    answers = document["paths"][ENDLESS]["get"]["responses"]
    for query, wanted in (("", 200), ("?fps=5", 200), ("?fps=0", 400), ("?fps=many", 400)):
        status, given, body = fetch(f"{url}{ENDLESS}{query}", headers)
        described = answers.get(str(status), {})
        if "$ref" in described:
            described = document["components"]["responses"][described["$ref"].rsplit("/", 1)[-1]]
        if status != wanted or given["Content-Type"] not in described.get("content", {}):
            yield f"{ENDLESS}{query} answers {status} {given['Content-Type']}, which is not described"
        if status == 200 and not body.startswith(b"--phi-frame\r\nContent-Type: image/jpeg\r\n"):
            yield f"{ENDLESS}{query} does not begin with a part that is a JPEG"
