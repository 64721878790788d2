"""The Swift packages: resolved versions, the graph, and which of them are linked into the program."""

import hashlib
import json
import re
import subprocess
from pathlib import Path
from urllib.parse import urlparse

from bill import Component, Mistake


def resolved(scratch):
    """Identity -> (location, version, revision, folder of the checkout)."""
    state = Path(scratch) / "workspace-state.json"
    if not state.exists():
        raise Mistake(f"{state} is missing: build first (make build)")
    packages = {}
    for dependency in json.loads(state.read_text())["object"]["dependencies"]:
        reference, checkout = dependency["packageRef"], dependency["state"].get("checkoutState")
        if not checkout or "version" not in checkout:
            raise Mistake(f"{reference['identity']} has no resolved version: depend on a release of it")
        folder = Path(scratch) / "checkouts" / dependency["subpath"]
        packages[reference["identity"]] = (reference["location"], checkout["version"], checkout["revision"], folder)
    return packages


def graph(root, scratch):
    """(identity, identity) for each dependency; the program's own are from ""."""
    run = subprocess.run(
        ["swift", "package", "--package-path", root, "--scratch-path", scratch, "--force-resolved-versions",
         "show-dependencies", "--format", "json"],
        capture_output=True, text=True)
    if run.returncode != 0:
        raise Mistake(f"swift package show-dependencies failed: {run.stderr.strip().splitlines()[-1:]}")
    edges = set()

    def walk(node, name):
        for child in node["dependencies"]:
            edges.add((name, child["identity"]))
            walk(child, child["identity"])

    walk(json.loads(run.stdout[run.stdout.index("{"):]), "")
    return edges


def linked(scratch, product):
    """The identities of the checkouts whose objects the linker got."""
    scratch = Path(scratch)
    objects = scratch / "release" / f"{product}.product" / "Objects.LinkFileList"
    if not objects.exists():
        raise Mistake(f"{objects} is missing: build the release program first (make build)")
    modules = set(re.findall(r"/([^/\n]+)\.build/", objects.read_text()))
    found, inputs = set(), ""
    for line in (scratch / "release.yaml").read_text().splitlines():
        if line.startswith("    inputs:"):
            inputs = line
        elif line.startswith("    outputs:") and inputs:
            checkout = re.search(r"/checkouts/([^/\"]+)/", inputs)
            if checkout and modules & set(re.findall(r"/([^/\"]+)\.build/[^\"]*\.o\"", line)):
                found.add(checkout[1])
            inputs = ""
    return found


LICENCES = [
    ("Apache-2.0 WITH Swift-exception", ["Apache License", "Version 2.0", "Runtime Library Exception"]),
    ("Apache-2.0", ["Apache License", "Version 2.0"]),
    ("MIT", ["Permission is hereby granted, free of charge", "without restriction"]),
    ("BSD-3-Clause", ["Redistribution and use in source and binary forms", "Neither the name"]),
    ("BSD-2-Clause", ["Redistribution and use in source and binary forms"]),
]


def licence(folder):
    for path in sorted(Path(folder).iterdir()):
        if path.name.upper().split(".")[0] in ("LICENSE", "LICENCE", "COPYING"):
            text = " ".join(path.read_text(errors="replace").split())
            for name, phrases in LICENCES:
                if all(phrase in text for phrase in phrases):
                    return name
    return ""


def tree_hash(folder, revision):
    """SHA-256 of the commit's tar archive, the same wherever it is checked out."""
    run = subprocess.run(["git", "-C", str(folder), "archive", "--format=tar", revision], capture_output=True)
    if run.returncode != 0:
        raise Mistake(f"{folder} cannot be read as a git checkout: run make clean and build again")
    return hashlib.sha256(run.stdout).hexdigest()


def boringssl(folder):
    """swift-crypto carries a copy of BoringSSL, whose flaws are not its own."""
    stamp = Path(folder) / "Sources/CCryptoBoringSSL/hash.txt"
    match = re.search(r"\b[0-9a-f]{40}\b", stamp.read_text()) if stamp.exists() else None
    if not match:
        return None
    return Component(
        key="boringssl", name="boringssl", version=match[0], purl=f"pkg:github/google/boringssl@{match[0]}",
        supplier="Google", licence="Apache-2.0", source=f"git+https://boringssl.googlesource.com/boringssl@{match[0]}",
        note="The copy that swift-crypto compiles.")


def collect(root, scratch, product, program_key):
    """Components and links of everything that SwiftPM resolved."""
    packages, used = resolved(scratch), linked(scratch, product)
    components, links = [], []
    for identity, (location, version, revision, folder) in sorted(packages.items()):
        address = urlparse(location)
        path = address.path.strip("/").removesuffix(".git")
        is_used = folder.name in used
        key = f"swift-package-{identity}"
        components.append(Component(
            key=key, name=identity, version=version, purl=f"pkg:swift/{address.netloc}/{path}@{version}",
            supplier=path.split("/")[0], licence=licence(folder), sha256=tree_hash(folder, revision),
            sha256_of=f"git archive --format=tar {revision}", homepage=location.removesuffix(".git"),
            source=f"git+{location}@{revision}", needed="required" if is_used else "excluded",
            note="" if is_used else "Resolved as somebody's dependency; nothing of it is linked."))
        if is_used:
            links.append((program_key, "static", key))
            bundled = boringssl(folder)
            if bundled:
                components.append(bundled)
                links.append((key, "contains", bundled.key))
    for start, end in sorted(graph(root, scratch)):
        links.append((f"swift-package-{start}" if start else program_key, "depends", f"swift-package-{end}"))
    return components, links
