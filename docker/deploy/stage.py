"""Where a version is deployed to: its Compose files, its container, its folders and what they need before the first start."""

import os
import secrets
import subprocess
from pathlib import Path

from engine import Mistake
from telling import tell

DOCKER = Path(__file__).resolve().parents[1]
# The user of the image.
OWNER = 10001
STAGES = {
    "production": ("soundlab", "compose.yml", "soundlab-phi-matrix"),
    "staging": ("soundlab-staging", "compose.staging.yml", "soundlab-phi-matrix-staging"),
}


class Stage:
    def __init__(self, name, extra_files=(), environment_file=None):
        self.name = name
        self.project, file, self.container = STAGES[name]
        self.environment_file = Path(environment_file or DOCKER / ".env")
        # What is around the server, by the names that the Compose files give.
        self.around = [self.container.replace("phi-matrix", part) for part in ("nginx", "prometheus", "grafana")]
        self.load()
        extra_files = [*self.settings.get("SOUNDLAB_COMPOSE_FILES", "").split(), *extra_files]
        self.files = [DOCKER / file, *((DOCKER.parent / extra).resolve() for extra in extra_files)]
        self.home = Path(self.settings.get("SOUNDLAB_HOME", "/opt/soundlab"))
        self.backups = Path(self.settings.get("SOUNDLAB_BACKUPS", "/backups"))
        port = self.settings.get("SOUNDLAB_PORT", "8000")
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise Mistake(f"SOUNDLAB_PORT is '{port}', which is no port: give a number from 1 to 65535")
        self.port = int(port)
        self.log = Path(self.settings.get("SOUNDLAB_DEPLOYMENT_LOG", "/var/log/soundlab-deployments.log"))

    def load(self):
        """Settings of the file, which those of the environment win over."""
        self.settings = {**self.read(), **{key: value for key, value in os.environ.items() if value}}

    def read(self):
        if not self.environment_file.exists():
            return {}
        lines = (line.strip() for line in self.environment_file.read_text().splitlines())
        return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))

    def prepare(self):
        """Makes what is missing: tokens, folders that belong to the server, a certificate to begin with."""
        if not self.environment_file.exists():
            descriptor = os.open(self.environment_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(descriptor, "w") as file:
                file.write(f"SOUNDLAB_AUTH_TOKEN={secrets.token_hex(24)}\nGRAFANA_PASSWORD={secrets.token_hex(12)}\n")
            self.load()
            tell(f"Made {self.environment_file} with new tokens.")
        try:
            for folder in (self.home / "server", self.backups):
                if not folder.exists():
                    folder.mkdir(parents=True)
                    os.chown(folder, OWNER, OWNER)
                    folder.chmod(0o750)
                elif not self.takes_writes(folder):
                    tell(f"Warning: the server, user {OWNER} where users are not mapped, cannot write into {folder}: "
                         f"chown {OWNER}:{OWNER} {folder}")
            self.make_certificate()
        except PermissionError as error:
            raise Mistake(f"{error.filename} cannot be made: run this as root, or set SOUNDLAB_HOME and SOUNDLAB_BACKUPS in docker/.env")

    @staticmethod
    def takes_writes(folder):
        """Whether the server's user may make files there."""
        found = folder.stat()
        whose = 6 if found.st_uid == OWNER else 3 if found.st_gid == OWNER else 0
        return found.st_mode >> whose & 0o3 == 0o3

    def make_certificate(self):
        folder = self.home / "tls"
        if (folder / "cert.pem").exists():
            return
        folder.mkdir(exist_ok=True, mode=0o700)
        made = subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "90",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
             "-keyout", folder / "key.pem", "-out", folder / "cert.pem"], capture_output=True, text=True)
        if made.returncode:
            raise Mistake("openssl made no certificate for nginx: put cert.pem and key.pem into " + str(folder))
        tell(f"Made a certificate that no browser trusts in {folder}: put your own cert.pem and key.pem there.")
