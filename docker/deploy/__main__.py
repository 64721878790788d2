"""Deploys an image, proves it, and goes back by itself where the proof fails.

    python3 docker/deploy up 0.9.0 --stage staging
    python3 docker/deploy rollback
    python3 docker/deploy smoke | status

Three tags tell what is what: soundlab/phi-matrix:VERSION, :latest (what runs) and :previous (what ran before).
"""

import argparse
import signal
import sys
import time
from datetime import datetime, timezone

from engine import Engine, Mistake
from probe import wait_until_ready
from stage import STAGES, Stage
from telling import be_mute, tell


class Deployment:
    def __init__(self, engine, stage, image, patience):
        self.engine, self.stage, self.image, self.patience = engine, stage, image, patience
        self.latest, self.previous = f"{image}:latest", f"{image}:previous"
        self.began = time.monotonic()

    def say(self, text):
        tell(f"{time.monotonic() - self.began:6.1f} s  {text}")

    def note(self, what):
        """A line of the deployment log, which must not stop a deployment."""
        try:
            with self.stage.log.open("a") as log:
                log.write(f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ} {self.stage.name} {what}\n")
        except OSError as error:
            tell(f"deploy: {self.stage.log} cannot be written ({error.strerror}); the deployment goes on.", sys.stderr)

    def start(self):
        """Starts what :latest is, in place of what runs."""
        self.engine.remove(self.stage.container)
        self.engine.compose(self.stage, "up", "-d", "soundlab")

    def prove(self, image):
        """Ready, of the version that the image says, and good enough for the smoke tests."""
        version = wait_until_ready(self.engine, self.stage, self.patience)
        wanted = self.engine.labels(image).get("com.soundlab.commit", "unknown")
        if wanted not in ("unknown", version.get("commit")):
            raise Mistake(f"the server on port {self.stage.port} is of commit {version.get('commit')}, not {wanted}: something else listens there")
        self.say(f"ready: {version.get('version')}, commit {version.get('commit')}")
        self.smoke()

    def smoke(self):
        command = ["exec", self.stage.container, "phi-matrix", "smoke", "--url", "http://127.0.0.1:8000"]
        # A neighbour's burst of work is no reason to go back: what fails twice is.
        if not (self.engine.passed(*command) or self.engine.passed(*command)):
            raise Mistake("the smoke tests failed twice")
        self.say("smoke tests passed")

    def back_up(self):
        if self.engine.state(self.stage.container) != "running":
            return
        self.engine.run("exec", self.stage.container, "phi-matrix", "backup", "create", "--to", "/backups", "--label", "pre-deploy")
        self.say(f"backed up into {self.stage.backups}")

    def up(self, version, is_backed_up):
        new = f"{self.image}:{version}"
        image = self.engine.image(new)
        if not image:
            raise Mistake(f"there is no image {new}: build it (make docker-build VERSION={version}) or pull it (--pull)")
        self.refuse_neighbour()
        self.stage.prepare()
        if is_backed_up:
            self.back_up()
        before, before_that = self.engine.image(self.latest), self.engine.image(self.previous)
        try:
            if before and before != image:
                self.engine.tag(before, self.previous)
            self.engine.tag(new, self.latest)
        except (Mistake, KeyboardInterrupt):
            # Nothing was stopped so far.
            be_deaf()
            self.take_back_tags(before, before_that)
            raise
        try:
            self.start()
            self.prove(new)
        except (Mistake, KeyboardInterrupt) as failure:
            be_deaf()
            mistake = failure if isinstance(failure, Mistake) else "interrupted"
            tell(self.engine.logs(self.stage.container, 30), sys.stderr)
            self.say(f"{version} failed: {mistake}")
            self.note(f"{version} failed: {mistake}")
            self.take_back(before, before_that)
            raise Mistake(f"{version} was not deployed: {mistake}; what ran before runs again" if before else
                          f"{version} was not deployed: {mistake}; nothing ran before, and nothing runs now")
        self.note(f"{version} successful, commit {self.engine.labels(new).get('com.soundlab.commit', 'unknown')}")
        self.say(f"{version} runs in {self.stage.name}")
        self.start_around(version)

    def start_around(self, version):
        """What is around the server comes after it, so that no download of theirs makes it wait. Not every Compose tells that
        one did not start."""
        reason = ""
        try:
            self.engine.compose(self.stage, "up", "-d")
        except Mistake as mistake:
            reason = f" ({mistake})"
        missing = [name for name in self.stage.around if self.engine.state(name) != "running"]
        if missing or reason:
            raise Mistake(f"{version} runs and stays, but what is around it does not all run: {', '.join(missing)}{reason}")

    def take_back(self, before, before_that):
        """The tags and the server as they were."""
        if not before:
            self.engine.remove(self.stage.container)
        self.take_back_tags(before, before_that)
        if not before:
            return
        self.start()
        wait_until_ready(self.engine, self.stage, self.patience)
        self.say("what ran before is ready again")

    def take_back_tags(self, before, before_that):
        for image, reference in ((before, self.latest), (before_that, self.previous)):
            if image:
                self.engine.tag(image, reference)
            else:
                self.engine.untag(reference)

    def rollback(self):
        back, failed = self.engine.image(self.previous), self.engine.image(self.latest)
        if not back:
            raise Mistake(f"there is no image {self.previous} to go back to: deploy a version (make deploy VERSION=…)")
        self.stage.prepare()
        # Half a way back is none.
        be_deaf()
        if failed and failed != back:
            # Kept for those who look for the reason.
            self.engine.tag(failed, f"{self.image}:failed")
        self.engine.tag(self.previous, self.latest)
        self.start()
        self.prove(self.latest)
        version = self.engine.labels(self.latest).get("com.soundlab.version", "unknown")
        self.note(f"rolled back to {version}")
        self.say(f"rolled back to {version}")

    def status(self):
        for reference in (self.latest, self.previous):
            labels = self.engine.labels(reference) if self.engine.image(reference) else None
            print(f"{reference}: " + (f"{labels.get('com.soundlab.version')}, commit {labels.get('com.soundlab.commit')}" if labels else "none"))
        print(f"{self.stage.container}: {self.engine.state(self.stage.container) or 'none'}")

    def refuse_neighbour(self):
        """Both stages go by the same tags and ports."""
        for name, (_, _, container) in STAGES.items():
            if name != self.stage.name and self.engine.state(container) == "running":
                raise Mistake(f"{name} runs on this machine ({container}): {self.stage.name} needs one of its own")


def running_stage(engine):
    running = [name for name, (_, _, container) in STAGES.items() if engine.state(container)]
    return running[0] if len(running) == 1 else "production"


ENDINGS = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)


def be_deaf():
    """What takes back, or goes back, is not interrupted in the middle."""
    for number in ENDINGS:
        signal.signal(number, signal.SIG_IGN)


def interrupt(number, _):
    """A deployment that is told to end, or whose terminal is gone, takes back what it began."""
    be_deaf()
    if number == signal.SIGHUP:
        be_mute()
    raise KeyboardInterrupt


def main():
    for number in ENDINGS:
        # What nohup has it ignore stays ignored.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, interrupt)
    parser = argparse.ArgumentParser(prog="deploy", description="Deploy, prove and roll back.")
    parser.add_argument("action", choices=["up", "rollback", "smoke", "status"])
    parser.add_argument("version", nargs="?", help="the tag of the image, for up")
    parser.add_argument("--stage", choices=STAGES, help="by default the one that is on this machine, else production")
    parser.add_argument("--engine", help="docker or podman; by default docker where its daemon answers")
    parser.add_argument("--compose", help="by default 'docker compose', docker-compose or podman-compose")
    parser.add_argument("--image", default="soundlab/phi-matrix")
    parser.add_argument("--file", action="append", default=[], help="a further Compose file, such as docker/compose.gpu.yml; repeatable")
    parser.add_argument("--env-file", help="tokens and folders (docker/.env)")
    parser.add_argument("--pull", action="store_true", help="pull the image first")
    parser.add_argument("--no-backup", action="store_true", help="do not back up what runs")
    parser.add_argument("--patience", type=int, default=40, help="seconds to wait until the server is ready (40)")
    options = parser.parse_args()
    engine = Engine(options.engine, options.compose)
    stage = Stage(options.stage or running_stage(engine), options.file, options.env_file)
    deployment = Deployment(engine, stage, options.image, options.patience)
    if options.action == "up":
        if not options.version:
            raise Mistake("say which version: make deploy VERSION=0.9.0")
        if options.pull:
            engine.run("pull", f"{options.image}:{options.version}")
            deployment.say("pulled")
        deployment.up(options.version, not options.no_backup)
    elif options.action == "smoke":
        wait_until_ready(engine, stage, options.patience)
        deployment.smoke()
    else:
        getattr(deployment, options.action)()


if __name__ == "__main__":
    try:
        main()
    except Mistake as mistake:
        print(f"deploy: {mistake}.", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("deploy: interrupted.", file=sys.stderr)
        sys.exit(1)
