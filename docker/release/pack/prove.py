"""Unpacks a release somewhere else and sees whether it works there: version, doctor, a picture with a preset of its own.

    python3 docker/release/pack/prove.py out
"""

import argparse
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "docker/release/sbom"))

import archive
from bill import Mistake

NEEDED = ["bin/phi-matrix", "share/phi-matrix/presets/default.json", "docker/RUNBOOK.md", "README.md", "LICENSE"]


def unpack(folder, into):
    """Checks what is in the folder and unpacks its archive; the path of what came out."""
    sums = Path(folder) / "SHA256SUMS"
    if not sums.exists():
        raise Mistake(f"{sums} is missing: pack first (make rc-pack)")
    packed = [Path(folder) / name for name in archive.check_sums(sums) if name.endswith(".tar.gz")]
    if len(packed) != 1:
        raise Mistake(f"{sums} names {len(packed)} archives, not one: pack again (make rc-pack)")
    for fault in archive.faults(packed[0]):
        raise Mistake(f"{packed[0]} is not as a release has to be: {fault}")
    with tarfile.open(packed[0]) as tar:
        tar.extractall(into, filter="data")
    top = Path(into) / packed[0].name.removesuffix(".tar.gz")
    version = top.name.split("-")[2]
    for name in [*NEEDED, *(f"share/phi-matrix/sbom/phi-matrix-{version}.{kind}.json" for kind in ("spdx", "cdx"))]:
        if not (top / name).is_file():
            raise Mistake(f"{packed[0]} lacks {name}: pack again (make rc-pack)")
    return top, version


def program(top, home):
    """Runs the unpacked program with nothing of this checkout around it."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(home), "LC_ALL": "C.UTF-8"}
    environment |= {name: os.environ[name] for name in ("VK_DRIVER_FILES", "VK_ICD_FILENAMES") if name in os.environ}

    def run(*arguments):
        made = subprocess.run([str(top / "bin/phi-matrix"), *arguments], capture_output=True, text=True, cwd=home, env=environment, timeout=120)
        if made.returncode != 0:
            raise Mistake(f"the unpacked phi-matrix {arguments[0]} failed with {made.returncode}: {made.stderr.strip() or made.stdout.strip()[-300:]}")
        return made.stdout

    return run


def prove(folder, commit):
    with tempfile.TemporaryDirectory() as place:
        home = Path(place) / "home"
        home.mkdir()
        top, version = unpack(folder, place)
        run = program(top, home)
        said = run("--version").strip()
        if not said.startswith(f"phi-matrix {version} ({commit}"):
            raise Mistake(f"the unpacked program says that it is {said}, not {version} of {commit}: build again (make rc-build)")
        print(f"version   {said}")
        run("doctor")
        print("doctor    frames can be drawn")
        shipped = sorted(file.stem for file in (top / "share/phi-matrix/presets").glob("*.json") if not file.stem.endswith(".schema"))
        listed = run("presets", "list")
        for name in shipped:
            if name not in listed:
                raise Mistake(f"the unpacked program does not find its preset {name}: pack again (make rc-pack)")
        print(f"presets   {', '.join(shipped)}")
        run("snapshot", "--preset", "golden_ratio", "--size", "320x180", "--time", "2", "--output", "picture.png")
        picture = (home / "picture.png").read_bytes()
        if picture[:8] != b"\x89PNG\r\n\x1a\n" or picture[16:24] != (320).to_bytes(4, "big") + (180).to_bytes(4, "big"):
            raise Mistake("the unpacked program drew no PNG of 320x180: run its snapshot by hand")
        print(f"snapshot  320x180, {len(picture)} bytes")


def main():
    parser = argparse.ArgumentParser(prog="prove", description="Unpack a release elsewhere and use it.")
    parser.add_argument("folder", help="where the archive and SHA256SUMS are")
    parser.add_argument("--commit", help="what it has to be of (the checkout's)")
    options = parser.parse_args()
    found = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True)
    prove(options.folder, options.commit or found.stdout.strip())


if __name__ == "__main__":
    try:
        main()
    except Mistake as mistake:
        print(f"prove: {mistake}.", file=sys.stderr)
        sys.exit(1)
