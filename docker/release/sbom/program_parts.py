"""Puts the bill of one built program together."""

import re
import subprocess
from pathlib import Path

import debian_packages
import shared_libraries
import swift_packages
from bill import Bill, Component, File, Mistake

RUNTIME_LIBRARIES = "/usr/lib/swift/linux/"


def git(root, *arguments):
    run = subprocess.run(["git", "-C", root, *arguments], capture_output=True, text=True)
    if run.returncode != 0:
        raise Mistake(f"{root} is no git checkout, so the commit is unknown: run this in one")
    return run.stdout.strip()


def product_version(root):
    text = (Path(root) / "Sources/phi-matrix/ProductVersion.swift").read_text()
    return re.search(r'number = "([^"]+)"', text)[1]


def program(root, binary, name):
    commit, file = git(root, "rev-parse", "HEAD"), File.of(binary)
    return Component(
        key=name, name=name, version=product_version(root), purl=f"pkg:generic/{name}@{product_version(root)}?vcs_commit={commit}",
        supplier="Soundlab", kind="application", licence="MIT", sha256=file.sha256, sha256_of=f"the program of commit {commit}")


def swift_runtime(files):
    text = shared_libraries.output("swift", "--version")
    version = re.search(r"Swift version (\S+)", text)[1]
    return Component(
        key="swift-runtime", name="swift-runtime", version=version, purl=f"pkg:github/swiftlang/swift@swift-{version}-RELEASE",
        supplier="Swift project", licence="Apache-2.0 WITH Swift-exception",
        source=f"git+https://github.com/swiftlang/swift@swift-{version}-RELEASE", homepage="https://www.swift.org",
        files=[File.of(file) for file in sorted(files)],
        note="Standard library, Foundation and Dispatch of the toolchain" + ("." if files else ", linked into the program."))


def collect(root, scratch, binary, runtime_packages, product="phi-matrix"):
    root, main = str(root), program(root, binary, product)
    components, links = swift_packages.collect(root, scratch, product, main.key)

    drivers = {package: debian_packages.shared_objects(package) for package in runtime_packages}
    roots = [str(binary), *(file for files in drivers.values() for file in files)]
    files, edges = shared_libraries.closure(roots)

    runtime = {file for file in files if RUNTIME_LIBRARIES in file}
    components.append(swift_runtime(runtime))
    links.append((main.key, "dynamic" if runtime else "static", "swift-runtime"))

    owner = debian_packages.owners(files - runtime)
    strays = sorted(files - runtime - set(owner))
    if strays:
        raise Mistake(f"no Debian package owns {strays[0]}, which is loaded: link against Debian's libraries")
    files_of_package = {package: [] for package in runtime_packages}
    for file, package in owner.items():
        files_of_package.setdefault(package.split(":")[0], []).append(file)
    for package, shared in drivers.items():
        files_of_package[package] += shared
    made = debian_packages.components(files_of_package)
    for package in runtime_packages:
        made[package].needed = "optional"
        made[package].note += " Not linked: found at run time."
        if not drivers[package]:
            made[package].kind = "data"
    components += made.values()

    def key(file):
        if file == str(binary):
            return main.key
        if file in runtime:
            return "swift-runtime"
        for package, shared in drivers.items():
            if file in shared:
                return made[package].key
        return made[owner[file].split(":")[0]].key

    links += [(key(start), "dynamic", key(end)) for start, end in edges if key(start) != key(end)]
    links += [(main.key, "runtime", made[package].key) for package in runtime_packages]
    created = git(root, "log", "-1", "--format=%cd", "--date=format-local:%Y-%m-%dT%H:%M:%SZ")
    bill = Bill(main, components, sorted(set(links)), created)
    bill.check()
    return bill
