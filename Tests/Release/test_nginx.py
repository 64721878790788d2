"""nginx.conf by nginx itself: WebSockets pass as they come, limits answer, tokens are not logged."""

import base64
import http.client
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"


class Server(BaseHTTPRequestHandler):
    """Stands in for phi-matrix: tells what it was asked, and sends a frame whenever the test lets it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    more = threading.Semaphore(0)

    def do_GET(self):
        if self.path.startswith("/ws/"):
            self.send_response(101)
            self.send_header("Upgrade", "websocket")
            self.send_header("Connection", "Upgrade")
            self.send_header("X-Was-Asked", f"{self.headers['Host']} {self.headers['Connection']} {self.headers['Upgrade']}")
            self.end_headers()
            self.close_connection = True
            if self.path.startswith("/ws/frames"):
                while self.more.acquire(timeout=20):
                    self.wfile.write(b"\x82\x04PHI!")
            else:
                self.rfile.read(1)
            return
        status = 503 if self.path == "/readyz" else 200
        body = f'{{"host": "{self.headers["Host"]}", "proto": "{self.headers["X-Forwarded-Proto"]}"}}'.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class NginxTests(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="nginx-"))
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "tmp").mkdir()
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
             "-days", "2", "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem"], check=True, capture_output=True)
        self.upstream = ThreadingHTTPServer(("127.0.0.1", 0), Server)
        self.upstream.daemon_threads = True
        threading.Thread(target=self.upstream.serve_forever, args=[0.02], daemon=True).start()
        self.addCleanup(self.upstream.server_close)
        self.addCleanup(self.upstream.shutdown)
        self.plain, self.tls = free_port(), free_port()
        self.configuration = self.folder / "nginx.conf"
        self.configuration.write_text(self.adapted((ROOT / "docker/nginx.conf").read_text()))
        self.check_configuration()
        self.nginx = subprocess.Popen([NGINX, "-c", self.configuration, "-g", "daemon off;"], stderr=subprocess.DEVNULL)
        self.addCleanup(self.nginx.wait)
        self.addCleanup(self.nginx.terminate)
        self.wait_for(self.tls)

    def adapted(self, text):
        """The same file on other ports and in another folder; each replacement has to be found."""
        for old, new in [
            ("listen 80;", f"listen 127.0.0.1:{self.plain};"), ("listen [::]:80;", ""),
            ("listen 443 ssl", f"listen 127.0.0.1:{self.tls} ssl"), ("listen [::]:443 ssl http2;", ""),
            ("127.0.0.1:8000;", f"127.0.0.1:{self.upstream.server_port};"), ("/etc/nginx/tls/", f"{self.folder}/"),
            ("/etc/nginx/mime.types", str(Path(NGINX).parents[2] / "etc/nginx/mime.types")), ("/run/nginx.pid", f"{self.folder}/nginx.pid"), ("/dev/stdout", f"{self.folder}/access.log"),
            *((f"{part}_temp_path ", f"{part}_temp_path {self.folder}") for part in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")),
        ]:
            self.assertIn(old, text)
            text = text.replace(old, new)
        return text

    def check_configuration(self):
        checked = subprocess.run([NGINX, "-t", "-c", self.configuration], capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertNotIn("[warn]", checked.stderr)

    def wait_for(self, port):
        for _ in range(100):
            try:
                return socket.create_connection(("127.0.0.1", port), 1).close()
            except OSError:
                time.sleep(0.05)
        self.fail("nginx does not listen")

    def connect(self, source="127.0.0.1", **options):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        for name, value in options.items():
            setattr(context, name, value)
        return context.wrap_socket(socket.create_connection(("127.0.0.1", self.tls), 5, (source, 0)))

    def get(self, path, source="127.0.0.1"):
        connection = http.client.HTTPConnection("127.0.0.1", self.tls)
        connection.sock = self.connect(source)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer, body

    def upgrade(self, path):
        """The socket after an upgrade, and the status line and headers that came."""
        stream = self.connect()
        self.addCleanup(stream.close)
        key = base64.b64encode(os.urandom(16)).decode()
        stream.sendall(
            f"GET {path} HTTP/1.1\r\nHost: localhost:{self.tls}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode())
        head = b""
        while b"\r\n\r\n" not in head:
            got = stream.recv(1)
            self.assertTrue(got, head)
            head += got
        return stream, head.decode()

    def test_each_frame_of_a_websocket_passes_at_once(self):
        stream, head = self.upgrade("/ws/frames?codec=jpeg&token=s3cret-of-mine")
        self.assertIn(" 101 ", head)
        self.assertIn(f"X-Was-Asked: localhost:{self.tls} upgrade websocket", head, "the server compares Host with Origin")
        for _ in range(3):
            # The next one is sent after this one has come: a proxy that collects would wait for ever.
            Server.more.release()
            self.assertEqual(stream.recv(6), b"\x82\x04PHI!")
        stream.close()

    def test_the_eleventh_stream_of_an_address_is_refused_and_told_when_to_come_again(self):
        streams = [self.upgrade("/ws/metrics") for _ in range(10)]
        self.assertTrue(all(" 101 " in head for _, head in streams))
        _, head = self.upgrade("/ws/metrics")
        self.assertIn(" 503 ", head)
        self.assertRegex(head, r"Retry-After: \d")
        self.assertEqual(self.get("/")[0].status, 200, "pages are not among the streams")
        streams[0][0].close()
        for _ in range(50):
            if " 101 " in self.upgrade("/ws/metrics")[1]:
                return
            time.sleep(0.1)
        self.fail("a place that was left is not free again")

    def test_more_requests_than_a_page_needs_are_refused_for_a_while(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.tls)
        connection.sock = self.connect()
        answers = []
        while len(answers) < 5000 and sum(status == 429 for status, _, _ in answers) < 50:
            connection.request("GET", "/healthz")
            answer = connection.getresponse()
            answers.append((answer.status, answer.headers["Retry-After"], answer.read()))
            if answer.headers["Connection"] == "close":
                connection.close()
                connection.sock = self.connect()
        connection.close()
        refused = [one for one in answers if one[0] == 429]
        self.assertTrue(all(status == 200 for status, _, _ in answers[:200]), "the burst of a page is let through")
        self.assertEqual(len(refused), 50)
        self.assertEqual(refused[0][1], "1")
        self.assertIn(b'"detail"', refused[0][2])

    def test_what_the_server_answers_is_passed_on(self):
        answer, body = self.get("/version")
        self.assertEqual((answer.status, body), (200, f'{{"host": "127.0.0.1:{self.tls}", "proto": "https"}}'))
        self.assertIn("max-age", answer.headers["Strict-Transport-Security"])
        self.assertEqual(answer.headers["Cross-Origin-Opener-Policy"], "same-origin")
        self.assertNotIn("/", answer.headers["Server"] or "", "nginx tells its version")
        answer, body = self.get("/readyz")
        self.assertEqual(answer.status, 503)
        self.assertIn('"host"', body, "the server's own 503 is replaced")
        self.assertEqual(self.get("/metrics")[0].status, 200, "this machine may ask")
        self.assertEqual(self.get("/metrics", "127.0.0.3")[0].status, 403)

    def test_a_server_that_is_away_is_a_502_with_a_sentence(self):
        self.upstream.shutdown()
        self.upstream.server_close()
        answer, body = self.get("/healthz")
        self.assertEqual((answer.status, answer.headers["Retry-After"]), (502, "5"))
        self.assertIn("detail", body)

    def test_plain_http_is_sent_to_https_and_old_tls_is_refused(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.plain)
        connection.request("GET", "/ws/frames?a=1", headers={"Host": "phi.example"})
        answer = connection.getresponse()
        self.assertEqual((answer.status, answer.headers["Location"]), (308, "https://phi.example/ws/frames?a=1"))
        connection.close()
        with self.connect(maximum_version=ssl.TLSVersion.TLSv1_2) as stream:
            self.assertEqual(stream.version(), "TLSv1.2")
        # The library of this machine may refuse to offer it at all; openssl's level 0 offers it.
        old = subprocess.run(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{self.tls}", "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"],
            input="", capture_output=True, text=True)
        self.assertNotEqual(old.returncode, 0)
        self.assertIn("alert", old.stderr)

    def test_tokens_are_not_logged(self):
        self.get("/api/status?token=s3cret-of-mine")
        log = self.folder / "access.log"
        for _ in range(50):
            if log.exists() and "/api/status" in log.read_text():
                break
            time.sleep(0.05)
        self.assertIn("/api/status", log.read_text())
        self.assertNotIn("s3cret", log.read_text())


if __name__ == "__main__":
    unittest.main()
