"""Debian packages that are linked, or found at run time, and that Debian has mended since.

Debian mends a release's packages in its security suite and in point releases. A newer version of the same release is
therefore a finding, with the CVE numbers that its changelog names. Flaws that Debian knows and has not mended are none:
there is nothing to install.
"""

import gzip
import os
import re
import subprocess
from pathlib import Path

import debian_packages
import shared_libraries
from bill import Mistake
from finding import Finding, Unchecked


def command(*words, **more):
    return subprocess.run(words, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}, **more)


class Archive:
    """Debian's lists of today, in a folder of their own, so that neither root is needed nor the system's lists change."""

    def __init__(self, folder):
        self.folder = Path(folder).resolve()
        self.options = []
        for key, name in (("Dir::State::Lists", "lists"), ("Dir::Cache", "cache")):
            (self.folder / name / "partial").mkdir(parents=True, exist_ok=True)
            self.options += ["-o", f"{key}={self.folder / name}"]
        (self.folder / "cache/archives/partial").mkdir(parents=True, exist_ok=True)

    def update(self):
        """None, or why the lists could not be had."""
        run = command("apt-get", "update", "-q", "-o", "APT::Update::Error-Mode=any", *self.options)
        errors = re.findall(r"^[EW]: (.*)$", run.stderr, re.M)
        return None if run.returncode == 0 else (errors or ["apt-get update failed"])[0].rstrip(".")

    def policies(self, packages):
        """Package -> (installed, candidate, suites of the candidate)."""
        run = command("apt-cache", "policy", *self.options, *sorted(packages))
        return dict(parse_policies(run.stdout))

    def mended(self, package, installed, candidate):
        """The CVE numbers in the candidate's changelog since what is installed."""
        place = self.folder / "mended" / f"{package}_{candidate.replace(':', '%3a').replace('/', '_')}"
        place.mkdir(parents=True, exist_ok=True)
        if not list(place.glob("*.deb")):
            command("apt-get", "download", *self.options, f"{package}={candidate}", cwd=place)
        for archive in place.glob("*.deb"):
            command("dpkg-deb", "-x", str(archive), str(place / "files"))
        for changelog in place.glob("files/usr/share/doc/*/changelog.Debian.gz"):
            if not changelog.is_symlink():
                return cves(gzip.decompress(changelog.read_bytes()).decode(errors="replace"), installed)
        return []


def parse_policies(text):
    for block in re.split(r"\n(?=\S)", text):
        name, installed, candidate = (re.search(pattern, block, re.M) for pattern in
                                      (r"^(\S+):$", r"^  Installed: (\S+)", r"^  Candidate: (\S+)"))
        if not (name and installed and candidate) or installed[1] == "(none)":
            continue
        rows = re.search(r"^ (?:\*\*\*|   ) " + re.escape(candidate[1]) + r" .*\n((?:        .*\n?)*)", block, re.M)
        suites = re.findall(r" (\S+)/main ", rows[1]) if rows else []
        yield name[1], (installed[1], candidate[1], suites)


def is_newer(version, than):
    return command("dpkg", "--compare-versions", version, "gt", than).returncode == 0


def cves(changelog, installed):
    """The numbers named in the entries above that of the installed version."""
    found = []
    for entry in re.split(r"\n(?=\S+ \([^)]+\) )", "\n" + changelog):
        head = re.match(r"\n?\S+ \(([^)]+)\) ", entry)
        if head and not is_newer(head[1], installed):
            break
        found += re.findall(r"CVE-\d{4}-\d{4,}", entry)
    return sorted(set(found))


def packages(binary, runtime):
    """What the binary and the packages found at run time load."""
    drivers = [file for package in runtime for file in debian_packages.shared_objects(package)]
    files, _ = shared_libraries.closure([str(binary), *drivers])
    return {package.split(":")[0] for package in debian_packages.owners(files).values()} | set(runtime)


def scan(binary, runtime, folder):
    archive = Archive(folder)
    failure = archive.update()
    if failure:
        yield Unchecked("debian", f"Debian's lists of today cannot be had: {failure}")
        return
    names = packages(binary, runtime)
    policies = archive.policies(names)
    unknown = sorted(names - set(policies))
    if unknown:
        raise Mistake(f"apt knows nothing about {unknown[0]}: add Debian's archive to its sources")
    yield from judge(policies, archive.mended)


def judge(policies, mended):
    for package, (installed, candidate, suites) in sorted(policies.items()):
        if is_newer(candidate, installed):
            numbers = mended(package, installed, candidate)
            about = "no CVE named in its changelog"
            if numbers:
                about = ", ".join(numbers[-4:]) + (f" and {len(numbers) - 4} more" if len(numbers) > 4 else "")
            source = ", ".join(suites) or "an archive"
            yield Finding("debian", package, f"{installed} is installed, {source} has {candidate} ({about}): make security-updates")
