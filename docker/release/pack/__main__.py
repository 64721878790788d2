"""Packs a built release into phi-matrix-VERSION-linux-ARCH.tar.gz, the same bytes whenever and wherever it is packed.

    python3 docker/release/pack --scratch .build/rc --output out --runtime mesa-vulkan-drivers fonts-inter
"""

import argparse
import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "docker/release/sbom"))

import archive
import program_parts
from bill import Mistake

# What people get beside the program, as git has it. The tools that make releases stay where releases are made.
SHIPPED = {"presets": "share/phi-matrix/presets", "docker": "docker", "README.md": "README.md", "LICENSE": "LICENSE", ".images": ".images"}
LEFT_OUT = ("docker/release/",)


def run(*command):
    made = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if made.returncode != 0:
        raise Mistake(f"{command[0]} failed: {made.stderr.strip().splitlines()[-1:] or made.returncode}")
    return made.stdout


def commit(is_dirty_allowed):
    """Seconds of the commit's date."""
    changes = run("git", "status", "--porcelain").strip()
    if changes and not is_dirty_allowed:
        raise Mistake(f"the checkout has changes ({changes.splitlines()[0].strip()}), so that no commit tells what is packed: commit them")
    return int(run("git", "log", "-1", "--format=%ct"))


def shipped_files():
    """(file of the checkout, its place in the archive)."""
    for file in run("git", "ls-files", "-z").split("\0"):
        for source, place in SHIPPED.items():
            if (file == source or file.startswith(source + "/")) and not file.startswith(LEFT_OUT):
                yield file, place + file[len(source):]


def stage(folder, scratch, runtime):
    """The folder as it is to be unpacked."""
    program = scratch / "release/phi-matrix"
    if not program.exists():
        raise Mistake(f"{program} is missing: build first (make rc-build)")
    shutil.rmtree(folder.parent, ignore_errors=True)
    (folder / "bin").mkdir(parents=True)
    run("strip", "--strip-all", "-o", str(folder / "bin/phi-matrix"), str(program))
    # Resources of packages are looked for beside the program.
    for bundle in sorted((scratch / "release").glob("*.resources")):
        shutil.copytree(bundle, folder / "bin" / bundle.name)
    for file, place in shipped_files():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, folder / place)
    run(sys.executable, "docker/release/sbom", "--scratch", str(scratch), "--binary", str(folder / "bin/phi-matrix"),
        "--output", str(folder / "share/phi-matrix/sbom"), "--runtime", *runtime)


def main():
    parser = argparse.ArgumentParser(prog="pack", description="Pack a built release.")
    parser.add_argument("--scratch", default=".build/rc", help="the folder that it was built in (.build/rc)")
    parser.add_argument("--output", default="out", help="the folder to write into (out)")
    parser.add_argument("--runtime", nargs="*", default=[], metavar="PACKAGE", help="Debian packages found at run time, not linked")
    parser.add_argument("--dirty", action="store_true", help="pack a checkout with changes; for trials")
    options = parser.parse_args()
    seconds = commit(options.dirty)
    name = f"phi-matrix-{program_parts.product_version(ROOT)}-linux-{platform.machine()}"
    scratch, output = Path(options.scratch).resolve(), Path(options.output)
    folder = scratch / "stage" / name
    stage(folder, scratch, options.runtime)
    output.mkdir(parents=True, exist_ok=True)
    packed = output / f"{name}.tar.gz"
    archive.write(folder, packed, seconds)
    made = [packed]
    for document in sorted((folder / "share/phi-matrix/sbom").iterdir()):
        shutil.copy(document, output / document.name)
        made.append(output / document.name)
    archive.write_sums(made, output / "SHA256SUMS")
    print(f"{packed}: {packed.stat().st_size / 1e6:.1f} MB, sha256 {archive.sha256(packed)}")


if __name__ == "__main__":
    try:
        main()
    except Mistake as mistake:
        print(f"pack: {mistake}.", file=sys.stderr)
        sys.exit(1)
