"""The comparison of a server with its description finds what it has to find: each fault is planted in a server of a few lines."""

import copy
import json
import os
import sys
import tempfile
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docker/release/api"))

import asyncapi_check
import http_check
from running_server import Mistake, fetch, serving

DESCRIPTION = ROOT / "Sources/FrameServer/Description"
THING = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "A thing", "version": "1"},
    "paths": {
        "/thing": {"get": {"responses": {"200": {"description": "It.", "content": {"application/json": {"schema": THING}}}}}},
        "/stream.mjpg": {
            "get": {
                "responses": {
                    "200": {"description": "It.", "content": {"multipart/x-mixed-replace; boundary=phi-frame": {}}},
                    "400": {"description": "No.", "content": {"application/json": {}}},
                }
            }
        },
    },
}
PART = b"--phi-frame\r\nContent-Type: image/jpeg\r\nContent-Length: 2\r\n\r\n\xff\xd8\r\n"


class Answers:
    """A server that gives one answer to everything but its stream."""

    def __init__(self, status=200, kind="application/json", body=b'{"n": 1}', part=PART, refusal=400):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path.startswith("/stream"):
                    is_refused = self.path.endswith(("=0", "=many"))
                    given = (refusal, "application/json", b"{}") if is_refused else (200, "multipart/x-mixed-replace; boundary=phi-frame", part)
                else:
                    given = (status, kind, body)
                self.send_response(given[0])
                self.send_header("Content-Type", given[1])
                self.send_header("Content-Length", str(len(given[2])))
                self.end_headers()
                self.wfile.write(given[2])

            def do_POST(self):
                self.send_response(405)
                self.send_header("Allow", "GET")
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_TRACE = do_QUERY = do_HEAD = do_POST

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self.url

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Conversation(unittest.TestCase):
    def faults(self, document=DOCUMENT, **answers):
        with Answers(**answers) as url, tempfile.TemporaryDirectory() as folder:
            return http_check.conversation(url, document, folder, 2)

    def test_what_is_described_passes(self):
        found, count = self.faults()
        self.assertEqual(found, [])
        self.assertGreater(count, 0)

    def test_each_fault_is_found(self):
        for answers, words in [
            ({"status": 418}, "Undocumented status code"),
            ({"status": 500}, "Server error"),
            ({"kind": "text/plain"}, "Undocumented Content-Type"),
            ({"body": b'{"n": "one"}'}, "Response violates schema"),
        ]:
            found, _ = self.faults(**answers)
            self.assertEqual(len(found), 1, answers)
            self.assertIn(words, found[0])

    def test_a_document_that_cannot_be_read_is_no_success(self):
        document = copy.deepcopy(DOCUMENT)
        document["paths"]["/thing"]["get"]["responses"]["200"] = {"$ref": "#/nowhere"}
        self.assertTrue(self.faults(document)[0])


# Answers /readyz as it is told, once it has said where.
PROGRAM = """#!{python}
import http.server, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response({status})
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", "0")
        self.end_headers()
        if "END" in self.path: os._exit(3)
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(f"http://127.0.0.1:{{server.server_port}}/", flush=True)
server.serve_forever()
"""


class Server(unittest.TestCase):
    def serve(self, status, path):
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder, "program")
            program.write_text(PROGRAM.format(python=sys.executable, status=status))
            program.chmod(0o755)
            before = os.getcwd()
            os.chdir(folder)
            try:
                with serving("program", patience=2) as url:
                    fetch(url + path)
                    if "END" in path:
                        time.sleep(0.5)
            finally:
                os.chdir(before)

    def test_a_server_is_waited_for_and_watched(self):
        self.serve(200, "/")
        with self.assertRaisesRegex(Mistake, "did not start"):
            self.serve(503, "/")
        with self.assertRaisesRegex(Mistake, "ended during the test, with 3"):
            self.serve(200, "/END")
        with self.assertRaisesRegex(Mistake, "is missing"), serving("/nowhere/phi-matrix"):
            pass


class Stream(unittest.TestCase):
    def faults(self, **answers):
        with Answers(**answers) as url:
            return list(http_check.stream_faults(url, DOCUMENT))

    def test_stream(self):
        self.assertEqual(self.faults(), [])
        self.assertEqual(len(self.faults(part=b"\xff\xd8")), 2)
        self.assertEqual(len(self.faults(refusal=503)), 2)


class Documents(unittest.TestCase):
    def test_openapi(self):
        document = json.loads((DESCRIPTION / "openapi.json").read_text())
        self.assertEqual(list(http_check.document_faults(document)), [])
        del document["paths"]["/healthz"]["get"]["responses"]
        document["paths"]["/readyz"]["get"]["parameters"] = [{"name": "x"}]
        self.assertGreater(len(list(http_check.document_faults(document))), 0)

    def test_asyncapi(self):
        document = json.loads((DESCRIPTION / "asyncapi.json").read_text())
        self.assertEqual(list(asyncapi_check.faults(document)), [])
        for path, value, words in [
            (["asyncapi"], "2.6.0", "not 3.0.0"),
            (["info"], {"title": "x"}, "lacks version"),
            (["servers", "plain", "url"], "x", "has url"),
            (["channels", "ui", "publish"], {}, "has publish"),
            (["operations", "sendMetrics", "action"], "publish", "neither sends nor receives"),
            (["operations", "sendMetrics", "messages"], [{"$ref": "#/channels/ui/messages/ping"}], "does not have"),
            (["operations", "setParameter", "reply", "messages"], [{"$ref": "#/channels/frames/messages/pong"}], "does not have"),
            (["components", "messages", "ui.ping", "payload"], {"$ref": "#/components/schemas/None"}, "leads nowhere"),
            (["components", "messages", "ui.ping", "examples"], [{"payload": {"type": "pong"}}], "does not fit"),
            (["components", "messages", "ui.ping", "examples"], [{"value": {}}], "lacks payload"),
            (["components", "schemas", "Metrics", "required"], "ici", "the schema is none"),
            (["components", "securitySchemes", "bearer", "type"], "password", "of no type"),
            (["components", "securitySchema"], {}, "has securitySchema"),
        ]:
            planted = copy.deepcopy(document)
            at = planted
            for step in path[:-1]:
                at = at[step]
            at[path[-1]] = value
            found = list(asyncapi_check.faults(planted))
            self.assertTrue(any(words in one for one in found), (path, found))


if __name__ == "__main__":
    unittest.main()
