"""Debian packages of files: version, source, maintainer, licence, hash of the archive."""

import os
import re
import subprocess
from pathlib import Path

import debian_copyright
from bill import Component, File, Mistake

FIELDS = ["binary:Package", "Package", "Version", "Architecture", "source:Package", "source:Version", "Maintainer", "Homepage"]


def owners(files):
    """File -> package. Debian 12 lists some libraries in /lib and some in /usr/lib, which are one folder."""
    asked = {}
    for file in files:
        real = os.path.realpath(file)
        for path in {str(file), real, real.removeprefix("/usr"), "/usr" + real if not real.startswith("/usr/") else real}:
            asked.setdefault(path, []).append(file)
    found = {}
    if asked:
        run = subprocess.run(["dpkg", "-S", *sorted(asked)], capture_output=True, text=True)
        for line in run.stdout.splitlines():
            package, _, path = line.rpartition(": ")
            for file in asked.get(path, []):
                found[file] = package.split(", ")[0]
    return found


def facts(packages):
    """Package -> its fields, of those that are installed."""
    if not packages:
        return {}
    form = "\t".join("${%s}" % name for name in FIELDS) + "\n"
    run = subprocess.run(["dpkg-query", "-W", "-f", form, *sorted(packages)], capture_output=True, text=True)
    found = {}
    for line in run.stdout.splitlines():
        row = dict(zip(FIELDS, line.split("\t")))
        for name in (row["binary:Package"], row["Package"]):
            if name in packages:
                found[name] = row
    missing = sorted(set(packages) - set(found))
    if missing:
        raise Mistake(f"the package {missing[0]} is not installed: run make deps")
    return found


def archive_hashes(rows):
    """(package, version) -> SHA-256 of its .deb, where apt's lists still have that version."""
    wanted = [f"{row['binary:Package']}={row['Version']}" for row in rows]
    hashes = {}
    for start in range(0, len(wanted), 100):
        run = subprocess.run(["apt-cache", "show", *wanted[start:start + 100]], capture_output=True, text=True)
        for block in run.stdout.split("\n\n"):
            fields = dict(re.findall(r"^(Package|Version|SHA256): (\S+)$", block, re.M))
            if len(fields) == 3:
                hashes[fields["Package"], fields["Version"]] = fields["SHA256"]
    return hashes


def shared_objects(package):
    """The Vulkan drivers and other shared objects that a package brings."""
    run = subprocess.run(["dpkg", "-L", package], capture_output=True, text=True)
    if run.returncode != 0:
        raise Mistake(f"the package {package} is not installed: run make deps")
    return [path for path in run.stdout.split() if re.search(r"\.so(\.[0-9.]+)?$", path) and Path(path).is_file()]


def release():
    text = Path("/etc/os-release").read_text()
    found = dict(re.findall(r'^(ID|VERSION_ID)="?([^"\n]+)"?$', text, re.M))
    return f"{found.get('ID', 'linux')}-{found.get('VERSION_ID', '0')}"


def components(files_of_package):
    """Components of package -> its files that are loaded."""
    rows = facts(set(files_of_package))
    hashes, distribution = archive_hashes(rows.values()), release()
    made = {}
    for package, files in sorted(files_of_package.items()):
        row = rows[package]
        name, version = row["Package"], row["Version"]
        licence, texts = debian_copyright.read(name)
        sha256 = hashes.get((name, version), "")
        made[package] = Component(
            key=f"debian-{re.sub(r'[^A-Za-z0-9.-]', '-', name.replace('+', 'plus'))}", name=name, version=version,
            purl=f"pkg:deb/debian/{name.replace('+', '%2B')}@{version.replace('+', '%2B').replace(':', '%3A')}"
            f"?arch={row['Architecture']}&distro={distribution}",
            supplier="Debian", maintainer=row["Maintainer"], licence=licence, licence_texts=texts, sha256=sha256,
            sha256_of="the .deb archive" if sha256 else "", homepage=row["Homepage"],
            files=[File.of(file) for file in sorted(set(map(os.path.realpath, files)))],
            note=f"Built from the Debian source package {row['source:Package']} {row['source:Version']}.")
    return made
