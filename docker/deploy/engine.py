"""Docker or Podman, and Compose, by their command lines."""

import json
import os
import shlex
import shutil
import subprocess
import sys

from telling import tell


class Mistake(Exception):
    """Said in one sentence: what is wrong, and what to do."""


class Engine:
    def __init__(self, name, compose=None):
        self.name = name or self.found()
        if not shutil.which(self.name):
            raise Mistake(f"{self.name} is not installed: install Docker or Podman, or give another with --engine")
        self.compose_command = shlex.split(compose) if compose else self.found_compose()

    @staticmethod
    def found():
        if shutil.which("docker") and subprocess.run(["docker", "info"], capture_output=True).returncode == 0:
            return "docker"
        return "podman" if shutil.which("podman") else "docker"

    def found_compose(self):
        if self.name == "docker" and subprocess.run(["docker", "compose", "version"], capture_output=True).returncode == 0:
            return ["docker", "compose"]
        for command in ["docker-compose"] if self.name == "docker" else ["podman-compose"]:
            if shutil.which(command):
                return [command]
        raise Mistake(f"{self.name} has no Compose: install docker-compose-plugin (Docker) or podman-compose (Podman)")

    def run(self, *arguments, check=True, quiet=False):
        """What it writes on stdout; with `check`, a failure ends the deployment."""
        made = subprocess.run([self.name, *arguments], capture_output=True, text=True)
        if made.returncode and check:
            raise Mistake(f"{self.name} {arguments[0]} failed: {(made.stderr.strip().splitlines() or ['no reason given'])[-1]}")
        if made.returncode and not quiet and not check:
            tell(made.stderr.strip(), sys.stderr)
        return made.stdout.strip() if made.returncode == 0 else ""

    def passed(self, *arguments):
        """Whether a command that the reader sees ends well."""
        return subprocess.run([self.name, *arguments]).returncode == 0

    def image(self, reference):
        """The id of an image that is here; empty where there is none."""
        return self.run("image", "inspect", "--format", "{{.Id}}", reference, check=False, quiet=True)

    def labels(self, reference):
        return json.loads(self.run("image", "inspect", "--format", "{{json .Config.Labels}}", reference) or "{}") or {}

    def tag(self, source, reference):
        image = self.image(source)
        self.run("tag", source, reference)
        # Podman may hold the same short name twice, of two registries.
        if self.image(reference) != image:
            raise Mistake(f"{reference} goes on to be another image than {source}: look for a second one of that name "
                          f"({self.name} images), and remove it")

    def untag(self, reference):
        self.run("rmi", reference, check=False, quiet=True)

    def state(self, container):
        """"running", "exited" and so on; empty where there is no such container."""
        return self.run("container", "inspect", "--format", "{{.State.Status}}", container, check=False, quiet=True)

    def remove(self, container):
        if self.state(container):
            self.run("stop", "-t", "10", container, check=False, quiet=True)
            self.run("rm", "--force", container, check=False, quiet=True)

    def logs(self, container, lines):
        made = subprocess.run([self.name, "logs", "--tail", str(lines), container], capture_output=True, text=True)
        return (made.stdout + made.stderr).strip()

    def compose(self, stage, *arguments):
        files = [part for file in stage.files for part in ("-f", str(file))]
        command = [*self.compose_command, "-p", stage.project, *files, *arguments]
        made = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **stage.settings})
        if made.returncode:
            raise Mistake(f"{' '.join(self.compose_command)} {arguments[0]} failed: "
                          f"{(made.stderr.strip().splitlines() or ['no reason given'])[-1]}")
