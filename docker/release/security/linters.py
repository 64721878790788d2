"""bandit over the Python tools, ShellCheck over shell scripts, cppcheck over C."""

import json
import subprocess
import sys

from bill import Mistake
from finding import Finding


def run(*command, **more):
    try:
        return subprocess.run(command, capture_output=True, text=True, **more)
    except FileNotFoundError as error:
        raise Mistake(f"{command[0]} is missing: run make security-scan, which installs it") from error


def line_of(root, file, number):
    lines = (root / file).read_text(errors="replace").split("\n")
    return lines[number - 1] if 0 < number <= len(lines) else ""


def python(root, files):
    """From medium severity on: that programs are started at all is what these tools are for."""
    files = [file for file in files if file.endswith(".py")]
    if not files:
        return
    report = run(sys.executable, "-m", "bandit", "-q", "-ll", "--ignore-nosec", "-f", "json", *files, cwd=root)
    if report.returncode not in (0, 1):
        raise Mistake(f"bandit failed: {report.stderr.strip()}")
    report = json.loads(report.stdout)
    for error in report["errors"]:
        yield Finding("bandit", error["filename"], f"cannot be read: {error['reason']}")
    for one in report["results"]:
        file, number = one["filename"].removeprefix("./"), one["line_number"]
        yield Finding("bandit", f"{file}:{number}", f"{one['test_id']}: {one['issue_text'].rstrip('.')}", line_of(root, file, number))


def is_shell(root, file):
    if file.endswith(".sh"):
        return True
    with (root / file).open("rb") as opened:
        first = opened.readline(80)
    return first.startswith(b"#!") and first.split(b"/")[-1].split()[-1] in (b"sh", b"bash", b"dash")


def shell(root, files):
    files = [file for file in files if is_shell(root, file)]
    if not files:
        return
    report = run("shellcheck", "--format=json1", "--severity=style", "--external-sources", *files, cwd=root)
    if report.returncode not in (0, 1):
        raise Mistake(f"shellcheck failed: {report.stderr.strip()}")
    for one in json.loads(report.stdout)["comments"]:
        message = f"SC{one['code']}: {one['message'].rstrip('.')}"
        yield Finding("shellcheck", f"{one['file']}:{one['line']}", message, line_of(root, one["file"], one["line"]))


def c(root, files):
    files = [file for file in files if file.endswith((".c", ".h"))]
    if not files:
        return
    report = run("cppcheck", "--enable=warning,portability,performance", "--std=c11", "--language=c", "-q",
                 "--suppress=missingIncludeSystem", "--template={file}\t{line}\t{id}\t{message}", *files, cwd=root)
    if report.returncode != 0:
        raise Mistake(f"cppcheck failed: {(report.stderr + report.stdout).strip()[:200]}")
    for row in report.stderr.splitlines():
        if row.count("\t") == 3:
            file, number, name, message = row.split("\t")
            yield Finding("cppcheck", f"{file}:{number}", f"{name}: {message.rstrip('.')}", line_of(root, file, int(number)))
