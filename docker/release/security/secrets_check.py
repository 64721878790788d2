"""Keys, tokens and passwords in the files of the checkout, by detect-secrets."""

from detect_secrets import SecretsCollection
from detect_secrets.settings import default_settings

from finding import Finding

# Hashes of pictures and of packages are what these are made of.
HASHES = ("Tests/Goldens/approvals.jsonl", "Tests/Goldens/manifest.json", "docker/release/requirements.txt", "docker/release/requirements-api.txt", "Package.resolved")
PICTURES = (".png", ".jpg", ".flac")


def scan(root, files):
    with default_settings():
        for file in files:
            if file.endswith(PICTURES):
                continue
            found = SecretsCollection(root=str(root))
            found.scan_file(file)
            lines = (root / file).read_text(errors="replace").split("\n")
            for _, secret in found:
                if file in HASHES and secret.type == "Hex High Entropy String":
                    continue
                text = lines[secret.line_number - 1] if secret.line_number else ""
                yield Finding("secret", f"{file}:{secret.line_number}", f"{secret.type}: take it out, and change it if it was real", text)
