"""Looks for known vulnerabilities, secrets, unsafe code and missing protection; fails on what is found and not excepted.

    python docker/release/security --binary .build/release/phi-matrix --runtime mesa-vulkan-drivers fonts-inter
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "docker/release/sbom"))

import advisories
import debian_updates
import hardening
import linters
import secrets_check
import unsafe_code
from bill import Mistake
from finding import Exceptions, Unchecked


def tracked(root):
    """What git has or would take: a new file is looked at before it is committed."""
    run = subprocess.run(["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"], capture_output=True, text=True)
    if run.returncode != 0:
        raise Mistake(f"{root} is no git checkout: run this in one")
    return sorted(file for file in run.stdout.split("\0") if file and (root / file).is_file())


def checks(options, root):
    """Name -> (what it looks at, the kinds of its findings, the findings)."""
    files = tracked(root)
    requirements = [root / "docker/release" / name for name in ("requirements.txt", "requirements-api.txt")]
    made = {
        "secrets": (f"{len(files)} files", {"secret"}, lambda: secrets_check.scan(root, files)),
        "code": ("Swift, C and the page", {"unsafe-swift", "unsafe-c", "unsafe-page"}, lambda: unsafe_code.scan(root, files)),
        "bandit": ("Python", {"bandit"}, lambda: linters.python(root, files)),
        "shellcheck": ("shell scripts", {"shellcheck"}, lambda: linters.shell(root, files)),
        "cppcheck": ("C", {"cppcheck"}, lambda: linters.c(root, files)),
        "swift-advisories": ("Package.resolved", {"advisory"}, lambda: advisories.swift(root / "Package.resolved", options.osv)),
        "python-advisories": (
            " and ".join(file.name for file in requirements), {"advisory"},
            lambda: (one for file in requirements for one in advisories.python(file, options.pypi)),
        ),
    }
    if options.binary:
        binary = Path(options.binary).resolve()
        if not binary.exists():
            raise Mistake(f"{binary} is missing: build first (make build)")
        made["debian"] = ("linked packages", {"debian"}, lambda: debian_updates.scan(binary, options.runtime, options.cache))
        made["hardening"] = (binary.name, {"hardening"}, lambda: hardening.scan(binary, options.release))
        if options.scratch:
            made["compiled"] = ("C of every package", {"hardening"}, lambda: hardening.compiled(options.scratch))
    return made


def main():
    parser = argparse.ArgumentParser(prog="security", description="Look for vulnerabilities, secrets, unsafe code and missing protection.")
    parser.add_argument("--binary", help="the program; without one, only sources are looked at")
    parser.add_argument("--release", action="store_true", help="the program is what users get: stripped, no run paths, C compiled with guards")
    parser.add_argument("--scratch", help="the folder that a release was built in, to see how C was compiled")
    parser.add_argument("--runtime", nargs="*", default=[], metavar="PACKAGE", help="Debian packages found at run time, not linked")
    parser.add_argument("--only", nargs="*", metavar="CHECK", help="these checks alone")
    parser.add_argument("--exceptions", default=str(ROOT / "docker/release/security-exceptions.toml"), help="the file of exceptions")
    parser.add_argument("--complete", action="store_true", help="fail as well where something could not be checked")
    parser.add_argument("--updates", action="store_true", help="print the Debian packages to be updated, and nothing else")
    parser.add_argument("--cache", default=".build/security", help="where Debian's lists are put (.build/security)")
    parser.add_argument("--osv", default=advisories.OSV, help=argparse.SUPPRESS)
    parser.add_argument("--pypi", default=advisories.PYPI, help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.environ["LC_ALL"] = "C.UTF-8"
    if options.updates:
        found = list(debian_updates.scan(Path(options.binary).resolve(), options.runtime, options.cache))
        for one in found:
            if isinstance(one, Unchecked):
                raise Mistake(one.why)
            print(one.where)
        return 0
    return report(options, checks(options, ROOT))


def report(options, made):
    for name in options.only or []:
        if name not in made:
            raise Mistake(f"there is no check {name}: use {', '.join(made)}")
    exceptions, findings, unchecked, ran = Exceptions(options.exceptions), [], [], set()
    whole = {}
    for name, (subject, kinds, scan) in made.items():
        if options.only and name not in options.only:
            continue
        start, found = time.monotonic(), list(scan())
        missed = [one for one in found if isinstance(one, Unchecked)]
        findings += [one for one in found if not isinstance(one, Unchecked)]
        unchecked += missed
        for kind in kinds:
            whole[kind] = whole.get(kind, True) and not missed
        state = "NOT CHECKED" if missed and len(missed) == len(found) else f"{len(found) - len(missed)} found"
        print(f"{name:<18} {subject:<24} {state:<12} {time.monotonic() - start:5.1f} s")
    # Whether an exception is of use is known only where every check of its kind ran.
    for kind in whole:
        others = [name for name, (_, kinds, _) in made.items() if kind in kinds and options.only and name not in options.only]
        if whole[kind] and not others:
            ran.add(kind)
    left, excepted = exceptions.sort(findings, ran)
    for finding in left:
        print(finding, file=sys.stderr)
    for one in unchecked:
        print(f"NOT CHECKED: {one.check}: {one.why}", file=sys.stderr)
    print(f"{len(left)} findings, {excepted} excepted with a reason, {len(unchecked)} not checked")
    return 1 if left or (unchecked and options.complete) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Mistake as mistake:
        print(f"security-scan: {mistake}.", file=sys.stderr)
        sys.exit(2)
