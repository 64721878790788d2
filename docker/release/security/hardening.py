"""How a built program is protected against what an overrun buffer could do, as its ELF file and its build tell."""

import json
import re
from pathlib import Path

import shared_libraries
from finding import Finding

# What compiles C in a release: clang with the guards.
COMPILER = "guarded-clang"
# The Swift libraries of the toolchain, for a program that is built for this machine.
TOOLCHAIN = "/usr/lib/swift/linux"


def scan(binary, is_release=False):
    """The faults of a program; of a release also what only a stripped program that runs anywhere has not."""
    binary = str(binary)
    head, segments = (shared_libraries.output("readelf", option, binary) for option in ("-hW", "-lW"))
    dynamic = shared_libraries.output("readelf", "-dW", binary)
    yield from (Finding("hardening", Path(binary).name, fault) for fault in faults(head, segments, dynamic))
    if is_release:
        sections = shared_libraries.output("readelf", "-SW", binary)
        symbols = shared_libraries.output("readelf", "--dyn-syms", "-W", binary)
        yield from (Finding("hardening", Path(binary).name, fault) for fault in release_faults(dynamic, sections, symbols))


def faults(head, segments, dynamic):
    flags = " ".join(re.findall(r"\((?:FLAGS|FLAGS_1)\)\s+(?:Flags: )?(.*)", dynamic))
    if not re.search(r"Type:\s+DYN", head) or "PIE" not in flags.split():
        yield "it is not position-independent: link with -pie"
    if "GNU_RELRO" not in segments:
        yield "its tables stay writable: link with -z relro"
    if not {"NOW", "BIND_NOW"} & set(flags.split()) and "(BIND_NOW)" not in dynamic:
        yield "functions are looked up late, so that the table of them stays writable: link with -z now"
    stack = re.search(r"GNU_STACK.*", segments)
    if not stack or re.search(r"\sRWE\s", stack[0]):
        yield "its stack can be executed: link with -z noexecstack"
    for line in segments.split("\n"):
        if re.match(r"\s+LOAD\s", line) and re.search(r"\sRWE\s", line):
            yield "a segment of it can be written and executed: find out which section that is (readelf -lW)"
    if "(TEXTREL)" in dynamic or "TEXTREL" in flags.split():
        yield "its code is changed as it is loaded: compile everything with -fPIC"
    for folder in paths(dynamic):
        if folder != "$ORIGIN" and not folder.endswith(TOOLCHAIN):
            yield f"libraries are looked for in {folder}, where others may put theirs: link without that -rpath"


def paths(dynamic):
    return [folder for found in re.findall(r"\((?:RPATH|RUNPATH)\)\s+Library \w+: \[(.*)\]", dynamic) for folder in found.split(":")]


def release_faults(dynamic, sections, symbols):
    for folder in paths(dynamic):
        yield f"libraries are looked for in {folder}, which another machine has not: link without -rpath"
    if re.search(r"\s\.(symtab|debug_info)\s", sections):
        yield "it carries symbols and debugging information: strip it"
    if "__stack_chk_fail" not in symbols:
        yield "no function of it guards its stack: compile C with -fstack-protector-strong"
    if not re.search(r"__(mem|str|v?s?n?printf|v?f?printf|read|fd)\w*_chk\b", symbols):
        yield "no call of it is checked for its buffer's size: compile C with -D_FORTIFY_SOURCE=2"


def compiled(scratch):
    """Findings about C files that were compiled without guards, from SwiftPM's own description of the build."""
    description = (Path(scratch) / "release.yaml").read_text()
    bad, seen = {}, 0
    for found in re.findall(r'^    tool: clang\n(?:    (?!args).*\n)*    args: (\[.*\])$', description, re.M):
        command, seen = json.loads(found), seen + 1
        if Path(command[0]).name != COMPILER:
            source = command[command.index("-c") + 1]
            bad.setdefault(re.sub(r".*/checkouts/", "", source).split("/")[0], []).append(source)
    if not seen:
        yield Finding("hardening", "release.yaml", "it names no C file at all: look at how SwiftPM describes a build now")
    for package, sources in sorted(bad.items()):
        yield Finding("hardening", package, f"{len(sources)} of its C files are compiled without guards: build with make rc-build")
