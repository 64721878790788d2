"""Deployments with an engine that is played: the order of tags, the way back, and what is refused."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LATEST, PREVIOUS, FAILED = (f"soundlab/phi-matrix:{name}" for name in ("latest", "previous", "failed"))
CONTAINER = "soundlab-phi-matrix"


class Server(BaseHTTPRequestHandler):
    """Answers as the image of the container that runs would."""

    def do_GET(self):
        state = json.loads(self.server.file.read_text() or "{}") if self.server.file.exists() else {}
        running = [one for name, one in state.get("containers", {}).items() if "phi-matrix" in name and one["status"] == "running"]
        if not running:
            return self.reply(502, {})
        image = state["images"][running[0]["image"]]
        if self.path == "/version":
            return self.reply(200, {"version": image["version"], "commit": image.get("says", image["commit"])})
        is_ready = image.get("ready", True)
        self.reply(200 if is_ready else 503, {"checks": {"frames": is_ready}})

    def reply(self, status, answer):
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


class DeployTests(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="deploy-"))
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "bin").mkdir()
        docker = self.folder / "bin/docker"
        docker.write_text(f'#!/bin/sh\nexec {sys.executable} -S -E {ROOT}/Tests/Release/fake_engine.py "$@"\n')
        docker.chmod(0o755)
        for place in ("home/server", "home/tls", "backups"):
            (self.folder / place).mkdir(parents=True)
        (self.folder / "home/tls/cert.pem").touch()
        (self.folder / "env").write_text("SOUNDLAB_AUTH_TOKEN=a\n")
        self.file = self.folder / "state.json"
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
        self.server.file = self.file
        threading.Thread(target=self.server.serve_forever, args=[0.02], daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def given(self, *images, latest=None, previous=None, container=CONTAINER, **more):
        """Images by version; which of them is :latest, and runs, and which is :previous."""
        state = {
            "images": {f"id-{image['version']}": {"commit": "c" + image["version"], **image} for image in images},
            "tags": {f"soundlab/phi-matrix:{image['version']}": f"id-{image['version']}" for image in images},
            "containers": {}, "commands": [], **more}
        if latest:
            state["tags"][LATEST] = f"id-{latest}"
            state["containers"][container] = {"image": f"id-{latest}", "status": "running"}
        if previous:
            state["tags"][PREVIOUS] = f"id-{previous}"
        self.file.write_text(json.dumps(state))

    def command(self, *arguments, patience="2", **environment):
        return {
            "args": [sys.executable, ROOT / "docker/deploy", *arguments, "--patience", patience, "--env-file", self.folder / "env"],
            "text": True,
            "env": {**os.environ, "PATH": f"{self.folder}/bin:{os.environ['PATH']}", "FAKE_ENGINE": str(self.file),
                    "SOUNDLAB_HOME": str(self.folder / "home"), "SOUNDLAB_BACKUPS": str(self.folder / "backups"),
                    "SOUNDLAB_PORT": str(self.server.server_port), "SOUNDLAB_DEPLOYMENT_LOG": str(self.folder / "log"), **environment}}

    def deploy(self, *arguments, **options):
        self.made = subprocess.run(**self.command(*arguments, **options), capture_output=True, timeout=60)
        self.state = json.loads(self.file.read_text())
        return self.made.returncode

    def until_started(self, version):
        """Until a deployment waits for what it has started."""
        end = time.monotonic() + 20
        while time.monotonic() < end and f'"image": "id-{version}"' not in self.file.read_text():
            time.sleep(0.02)
        time.sleep(0.3)

    def tag(self, reference):
        return self.state["tags"].get(reference)

    def running(self, container=CONTAINER):
        one = self.state["containers"].get(container)
        return one and one["status"] == "running" and one["image"]

    def verbs(self):
        return [command[0] for command in self.state["commands"]]

    def log(self):
        return (self.folder / "log").read_text()

    def test_the_first_version_becomes_the_latest_and_has_none_before(self):
        self.given({"version": "1"})
        self.assertEqual(self.deploy("up", "1"), 0, self.made.stderr)
        self.assertEqual((self.tag(LATEST), self.tag(PREVIOUS), self.running()), ("id-1", None, "id-1"))
        ups = [command[command.index("-d") + 1:] for command in self.state["commands"] if "-d" in command]
        self.assertEqual(ups, [["soundlab"], []], "the server first, then what is around it")
        self.assertIn("production 1 successful, commit c1", self.log())

    def test_what_ran_becomes_the_previous_and_is_backed_up_before(self):
        self.given({"version": "1"}, {"version": "2"}, latest="1")
        self.assertEqual(self.deploy("up", "2"), 0, self.made.stderr)
        self.assertEqual((self.tag(LATEST), self.tag(PREVIOUS), self.running()), ("id-2", "id-1", "id-2"))
        verbs = self.verbs()
        self.assertIn("backup", self.state["commands"][verbs.index("exec")])
        self.assertLess(verbs.index("exec"), verbs.index("tag"))
        self.assertLess(verbs.index("tag"), verbs.index("stop"))

    def test_the_same_version_again_does_not_forget_the_one_before(self):
        self.given({"version": "1"}, {"version": "2"}, latest="2", previous="1")
        self.assertEqual(self.deploy("up", "2"), 0, self.made.stderr)
        self.assertEqual((self.tag(LATEST), self.tag(PREVIOUS)), ("id-2", "id-1"))

    def assert_taken_back(self, reason):
        self.assertEqual((self.tag(LATEST), self.tag(PREVIOUS), self.running()), ("id-1", "id-0", "id-1"))
        self.assertIn(reason, self.made.stderr)
        self.assertIn("what ran before runs again", self.made.stderr)
        self.assertIn("the last line of id-2", self.made.stderr)
        self.assertIn("2 failed", self.log())
        self.assertNotIn("successful", self.log())

    def test_a_deployment_whose_terminal_is_gone_or_that_is_told_to_end_goes_back(self):
        for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
            with self.subTest(number):
                self.given({"version": "0"}, {"version": "1"}, {"version": "2", "ready": False}, latest="1", previous="0")
                deployment = subprocess.Popen(
                    **self.command("up", "2", patience="40"), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                self.until_started("2")
                deployment.send_signal(number)
                _, errors = deployment.communicate(timeout=20)
                self.assertEqual(deployment.returncode, 1, errors)
                self.state = json.loads(self.file.read_text())
                self.assertEqual((self.tag(LATEST), self.tag(PREVIOUS), self.running()), ("id-1", "id-0", "id-1"))
                self.assertIn("2 failed: interrupted", self.log())

    def test_a_deployment_under_nohup_outlives_its_terminal(self):
        self.given({"version": "1"}, {"version": "2", "ready": False}, latest="1")
        deployment = subprocess.Popen(
            **self.command("up", "2", patience="40"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        self.addCleanup(deployment.kill)
        self.until_started("2")
        deployment.send_signal(signal.SIGHUP)
        time.sleep(0.5)
        self.assertIsNone(deployment.poll())
        state = json.loads(self.file.read_text())
        state["images"]["id-2"]["ready"] = True
        self.file.write_text(json.dumps(state))
        self.assertEqual(deployment.wait(20), 0)
        self.state = json.loads(self.file.read_text())
        self.assertEqual((self.tag(LATEST), self.running()), ("id-2", "id-2"))

    def unheard(self, *arguments):
        """Into a pipe that nobody reads any more."""
        reading, writing = os.pipe()
        os.close(reading)
        try:
            made = subprocess.run(**self.command(*arguments), stdout=writing, stderr=writing, timeout=60)
        finally:
            os.close(writing)
        self.state = json.loads(self.file.read_text())
        return made.returncode

    def test_a_pipe_that_is_gone_stops_neither_a_deployment_nor_the_way_back(self):
        self.given({"version": "0"}, {"version": "1"}, {"version": "2", "ready": False}, latest="1", previous="0")
        self.assertNotEqual(self.unheard("up", "2"), 0)
        self.assertEqual((self.tag(LATEST), self.tag(PREVIOUS), self.running()), ("id-1", "id-0", "id-1"))
        self.assertIn("2 failed", self.log())
        self.assertEqual(self.unheard("rollback"), 0)
        self.assertEqual((self.tag(LATEST), self.running()), ("id-0", "id-0"))
        self.assertIn("rolled back to 0", self.log())

    def test_a_version_that_is_not_ready_goes_back_by_itself(self):
        self.given({"version": "0"}, {"version": "1"}, {"version": "2", "ready": False}, latest="1", previous="0")
        self.assertEqual(self.deploy("up", "2"), 1)
        self.assert_taken_back("/readyz answers 503: frames")

    def test_a_version_that_fails_its_smoke_tests_goes_back_by_itself(self):
        self.given({"version": "0"}, {"version": "1"}, {"version": "2", "smoke": [1, 1]}, latest="1", previous="0")
        self.assertEqual(self.deploy("up", "2"), 1)
        self.assert_taken_back("the smoke tests failed twice")

    def test_a_version_that_ends_is_not_waited_for(self):
        for ends in ("exited", "restarting"):
            self.given({"version": "0"}, {"version": "1"}, {"version": "2", "ends": ends}, latest="1", previous="0")
            self.assertEqual(self.deploy("up", "2", patience="1000"), 1)
            self.assert_taken_back("has ended")

    def test_a_server_of_another_commit_is_not_taken_for_the_new_one(self):
        self.given({"version": "0"}, {"version": "1"}, {"version": "2", "says": "other"}, latest="1", previous="0")
        self.assertEqual(self.deploy("up", "2"), 1)
        self.assert_taken_back("is of commit other, not c2")

    def test_one_failure_of_the_smoke_tests_is_tried_again(self):
        self.given({"version": "1"}, {"version": "2", "smoke": [1, 0]}, latest="1")
        self.assertEqual(self.deploy("up", "2"), 0, self.made.stderr)
        self.assertEqual(self.running(), "id-2")

    def test_a_first_version_that_fails_leaves_nothing(self):
        self.given({"version": "1", "ready": False})
        self.assertEqual(self.deploy("up", "1"), 1)
        self.assertEqual((self.tag(LATEST), self.tag(PREVIOUS), self.running()), (None, None, None))
        self.assertIn("nothing ran before, and nothing runs now", self.made.stderr)

    def test_a_second_version_that_fails_leaves_no_previous(self):
        self.given({"version": "1"}, {"version": "2", "ready": False}, latest="1")
        self.assertEqual(self.deploy("up", "2"), 1)
        self.assertEqual((self.tag(LATEST), self.tag(PREVIOUS), self.running()), ("id-1", None, "id-1"))

    def test_what_cannot_be_backed_up_is_not_replaced(self):
        self.given({"version": "1"}, {"version": "2"}, latest="1", backup_fails=True)
        self.assertEqual(self.deploy("up", "2"), 1)
        self.assertIn("the disk is full", self.made.stderr)
        self.assertEqual((self.tag(LATEST), self.running()), ("id-1", "id-1"))
        self.assertFalse({"tag", "stop", "rm"} & set(self.verbs()))

    def test_an_image_that_is_not_there_changes_nothing(self):
        self.given({"version": "1"}, latest="1")
        self.assertEqual(self.deploy("up", "2"), 1)
        self.assertIn("make docker-build VERSION=2", self.made.stderr)
        self.assertFalse({"tag", "stop", "rm", "exec"} & set(self.verbs()))
        self.assertEqual(self.deploy("up", "2", "--pull"), 1)
        self.assertIn("no registry", self.made.stderr)

    def test_a_name_that_two_images_bear_stops_it_before_anything_is_stopped(self):
        self.given({"version": "1"}, {"version": "2"}, latest="1", previous="2", tags_stick=True)
        for command in (["up", "2"], ["rollback"]):
            self.assertEqual(self.deploy(*command), 1)
            self.assertIn("goes on to be another image", self.made.stderr)
            self.assertFalse({"stop", "rm"} & set(self.verbs()))

    def test_two_stages_do_not_share_a_machine(self):
        self.given({"version": "1"}, {"version": "2"}, latest="1")
        self.assertEqual(self.deploy("up", "2", "--stage", "staging"), 1)
        self.assertIn("needs one of its own", self.made.stderr)
        self.assertEqual((self.tag(LATEST), self.running()), ("id-1", "id-1"))

    def test_a_version_stays_where_only_what_is_around_it_fails(self):
        for fault, reason in [("around_fails", "no network"), ("grafana_fails", "soundlab-grafana")]:
            self.given({"version": "1"}, **{fault: True})
            self.assertEqual(self.deploy("up", "1"), 1, fault)
            self.assertIn("1 runs and stays", self.made.stderr)
            self.assertIn(reason, self.made.stderr)
            self.assertEqual((self.tag(LATEST), self.running()), ("id-1", "id-1"))

    def test_rollback_goes_back_keeps_the_failed_one_and_may_be_repeated(self):
        self.given({"version": "1"}, {"version": "2"}, latest="2", previous="1")
        self.assertEqual(self.deploy("rollback"), 0, self.made.stderr)
        self.assertEqual((self.tag(LATEST), self.tag(FAILED), self.running()), ("id-1", "id-2", "id-1"))
        self.assertIn("rolled back to 1", self.log())
        self.assertEqual(self.deploy("rollback"), 0, self.made.stderr)
        self.assertEqual((self.tag(LATEST), self.tag(FAILED), self.running()), ("id-1", "id-2", "id-1"))

    def test_rollback_finds_the_stage_that_is_there(self):
        name = CONTAINER + "-staging"
        self.given({"version": "1"}, {"version": "2"}, latest="2", previous="1", container=name)
        self.assertEqual(self.deploy("rollback"), 0, self.made.stderr)
        self.assertEqual((self.running(name), self.running()), ("id-1", None))

    def test_rollback_tells_when_the_old_one_fails_too(self):
        self.given({"version": "1", "smoke": [1, 1]}, {"version": "2"}, latest="2", previous="1")
        self.assertEqual(self.deploy("rollback"), 1)
        self.assertIn("the smoke tests failed twice", self.made.stderr)

    def test_rollback_without_a_previous_is_refused(self):
        self.given({"version": "1"}, latest="1")
        self.assertEqual(self.deploy("rollback"), 1)
        self.assertIn("to go back to", self.made.stderr)
        self.assertEqual(self.running(), "id-1")

    def test_a_port_that_is_none_is_said_in_a_sentence(self):
        self.given({"version": "1"})
        self.assertEqual(self.deploy("up", "1", SOUNDLAB_PORT="http"), 1)
        self.assertEqual(self.made.stderr, "deploy: SOUNDLAB_PORT is 'http', which is no port: give a number from 1 to 65535.\n")

    def test_smoke_and_status(self):
        self.given({"version": "1", "smoke": [0, 1, 1]}, latest="1")
        self.assertEqual(self.deploy("smoke"), 0, self.made.stderr)
        self.assertEqual(self.deploy("smoke"), 1)
        self.assertEqual(self.deploy("status"), 0)
        self.assertEqual(self.made.stdout, f"{LATEST}: 1, commit c1\n{PREVIOUS}: none\n{CONTAINER}: running\n")

    def test_files_of_the_settings_are_given_to_compose_in_the_same_order(self):
        self.given({"version": "1"})
        (self.folder / "env").write_text("SOUNDLAB_AUTH_TOKEN=a\nSOUNDLAB_COMPOSE_FILES=docker/compose.gpu.yml\n")
        self.assertEqual(self.deploy("up", "1"), 0, self.made.stderr)
        command = next(command for command in self.state["commands"] if "-d" in command)
        self.assertEqual([command[index + 1] for index, part in enumerate(command) if part == "-f"],
                         [str(ROOT / "docker/compose.yml"), str(ROOT / "docker/compose.gpu.yml")])

    def test_tokens_are_made_once_and_are_nobody_elses(self):
        self.given({"version": "1"})
        (self.folder / "env").unlink()
        self.assertEqual(self.deploy("up", "1"), 0, self.made.stderr)
        made = (self.folder / "env").read_text()
        self.assertRegex(made, r"^SOUNDLAB_AUTH_TOKEN=[0-9a-f]{48}\nGRAFANA_PASSWORD=[0-9a-f]{24}\n$")
        self.assertEqual(stat.S_IMODE((self.folder / "env").stat().st_mode), 0o600)
        self.assertNotIn(made.split("=")[1].split()[0], self.made.stdout + self.made.stderr)
        self.assertEqual(self.deploy("up", "1"), 0, self.made.stderr)
        self.assertEqual((self.folder / "env").read_text(), made)


if __name__ == "__main__":
    unittest.main()
