"""Compares a server of the program with the two documents in which it describes itself.

    .build/api-tools/bin/python docker/release/api --binary .build/release/phi-matrix
"""

import argparse
import json
import secrets
import sys
import tempfile
import time

import asyncapi_check
import http_check
from running_server import Mistake, fetch, serving


def document(url, path):
    status, _, body = fetch(url + path)
    if status != 200:
        raise Mistake(f"{path} answers {status}: the server has to describe itself there")
    return json.loads(body)


def compare(binary, examples, folder):
    """Yields (what was looked at, what is wrong with it)."""
    with serving(binary) as url:
        http = document(url, "/openapi.json")
        yield "openapi.json is OpenAPI 3.1", list(http_check.document_faults(http))
        yield "asyncapi.json is AsyncAPI 3.0", list(asyncapi_check.faults(document(url, "/asyncapi.json")))
        yield "the beginning of the stream", list(http_check.stream_faults(url, http))
        found, count = http_check.conversation(url, http, folder, examples)
        yield f"{count} requests", found
    token = secrets.token_hex(16)
    with serving(binary, token) as url:
        for words, given, several in (("the token", token, max(1, examples // 4)), ("a wrong token", token[1:], 1)):
            found, count = http_check.conversation(url, http, folder, several, {"Authorization": f"Bearer {given}"})
            yield f"{count} requests with {words}", found


def main():
    parser = argparse.ArgumentParser(prog="api", description="Compare a server with the documents in which it describes itself.")
    parser.add_argument("--binary", required=True, help="the program")
    parser.add_argument("--examples", type=int, default=25, help="requests made up for each method of each path (25)")
    options = parser.parse_args()
    started, bad = time.monotonic(), False
    with tempfile.TemporaryDirectory(prefix="phi-matrix-api-") as folder:
        try:
            for subject, faults in compare(options.binary, options.examples, folder):
                print(f"{'FAILED' if faults else 'ok    '} {subject}", flush=True)
                for fault in faults[:20]:
                    print(fault, file=sys.stderr)
                bad = bad or bool(faults)
        except Mistake as mistake:
            print(mistake, file=sys.stderr)
            return 1
    print(f"api: {'FAILED' if bad else 'as described'}, {time.monotonic() - started:.0f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
