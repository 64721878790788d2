"""What the dynamic linker loads, and who needs what of it."""

import re
import subprocess

from bill import Mistake


def output(*command):
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode != 0:
        raise Mistake(f"{' '.join(command[:2])} failed: {run.stderr.strip()}")
    return run.stdout


def loaded(path):
    """Name -> file, for everything that ldd finds for the file."""
    text, found = output("ldd", str(path)), {}
    for line in text.splitlines():
        if "not found" in line:
            raise Mistake(f"{path} needs {line.split()[0]}, which is missing: install the package that has it (make deps)")
        match = re.match(r"\s*(\S+) => (/\S+) \(|\s*(/\S+) \(", line)
        if match:
            file = match[2] or match[3]
            found[file.rsplit("/", 1)[1] if match[3] else match[1]] = file
    return found


def needed(path):
    """The names that the file itself asks for."""
    return re.findall(r"\(NEEDED\)\s+Shared library: \[([^\]]+)\]", output("readelf", "-dW", str(path)))


def closure(roots):
    """Files that the roots load, and (file, file) for each that asks for another."""
    names = {}
    for root in roots:
        names.update(loaded(root))
    edges, todo, seen = set(), [str(root) for root in roots], set()
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        for name in needed(path):
            if name in names:
                edges.add((path, names[name]))
                todo.append(names[name])
    return seen - {str(root) for root in roots}, edges
