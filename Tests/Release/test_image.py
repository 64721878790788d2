"""The image has what the program is linked with, and Compose gives it what it needs and no more."""

import re
import shlex
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "docker/Dockerfile").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()
COMPOSE = (ROOT / "docker/compose.yml").read_text()


def packages(variable):
    return re.search(rf"^{variable} := ((?:.*\\\n)*.*)$", MAKEFILE, re.MULTILINE)[1].replace("\\\n", " ").split()


def installed():
    """What the stage of the run time installs."""
    stage = DOCKERFILE[DOCKERFILE.index("AS runtime"):]
    return set(re.search(r"--no-install-recommends (.*?) && rm", stage.replace("\\\n", " "), re.DOTALL)[1].split())


def libraries(development_package):
    """The packages of libraries that a package of headers is for: those of the same source."""
    def field(package, name):
        made = subprocess.run(["dpkg-query", "-W", f"-f=${{{name}}}", package], capture_output=True, text=True, check=True)
        return made.stdout
    source = field(development_package, "source:Package")
    needed = [one.split()[0].split(":")[0] for one in field(development_package, "Depends").split(",") if one.strip()]
    return {one for one in needed if not one.endswith("-dev") and field(one, "source:Package") == source}


class ImageTests(unittest.TestCase):
    def test_each_library_that_is_built_against_is_in_the_image(self):
        headers = [one for one in packages("BUILD_PACKAGES") + packages("RC_PACKAGES") if one.endswith("-dev")]
        self.assertGreater(len(headers), 8)
        for package in headers:
            needed = libraries(package)
            self.assertTrue(needed, f"{package} has no library")
            self.assertTrue(needed & installed(), f"{package} is built against, and none of {needed} is in docker/Dockerfile")

    def test_what_is_found_at_run_time_is_in_the_image(self):
        self.assertLessEqual(set(packages("RUN_PACKAGES")), installed())

    def test_nothing_of_the_build_is_in_the_image(self):
        self.assertFalse([one for one in installed() if one.endswith("-dev") or one in ("git", "make", "curl", "gcc")])

    def test_it_runs_as_nobody_and_says_what_it_is(self):
        self.assertRegex(DOCKERFILE, r"(?m)^USER 10001:10001$")
        for label in ("com.soundlab.version", "com.soundlab.commit", "com.soundlab.build-date", "org.opencontainers.image.revision"):
            self.assertIn(label + "=", DOCKERFILE)

    def test_the_user_of_the_image_owns_the_folders_that_a_deployment_makes(self):
        number = re.search(r"--uid (\d+)", DOCKERFILE)[1]
        self.assertIn(f"OWNER = {number}\n", (ROOT / "docker/deploy/stage.py").read_text())

    def test_the_server_of_compose_has_no_rights_and_no_root_to_write_to(self):
        service = COMPOSE[COMPOSE.index("  soundlab:"):COMPOSE.index("  nginx:")]
        for wanted in ("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", "127.0.0.1:", "SOUNDLAB_AUTH_TOKEN:?"):
            self.assertIn(wanted, service)
        self.assertNotIn("privileged: true", COMPOSE)

    def test_the_health_check_tells_a_server_from_none(self):
        check = ROOT / "docker/image/healthcheck"
        for reply, code in [("HTTP/1.1 200 OK", 0), ("HTTP/1.1 308 Permanent Redirect", 0), ("HTTP/1.1 503 no", 1), ("nonsense", 1), ("", 1)]:
            # Answers one request, on a port that the system chose.
            serve = (
                "import socket, sys\ns = socket.create_server(('127.0.0.1', 0))\nprint(s.getsockname()[1], flush=True)\n"
                "c, _ = s.accept(); r = c.makefile('rb')\n"
                "while r.readline().strip(): pass\n"
                f"c.sendall({(reply + chr(13) + chr(10) if reply else '')!r}.encode()); c.close()")
            with subprocess.Popen(["python3", "-c", serve], stdout=subprocess.PIPE, text=True) as server:
                port = server.stdout.readline().strip()
                self.assertEqual(subprocess.run([check], env={"SOUNDLAB_PORT": port, "PATH": "/usr/bin:/bin"}).returncode, code, shlex.quote(reply))
            self.assertEqual(subprocess.run([check], env={"SOUNDLAB_PORT": port, "PATH": "/usr/bin:/bin"}).returncode, 1)


if __name__ == "__main__":
    unittest.main()
