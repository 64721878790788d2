"""Calls and words that may crash or be attacked, in the program's own Swift, C and page."""

import re

import code_text
from finding import Finding

# (name, expression over code without strings and comments, what to do)
SWIFT = [
    ("try!", r"\btry!", "a failure ends the program: throw it or handle it"),
    ("as!", r"\bas!", "another type ends the program: use as? and handle it"),
    ("force unwrap", r"(?<=[\w)\]}>\"?`])(?<!\btry)(?<!\bas)!(?![=])", "nil ends the program: use guard let, ?? or throw"),
    ("fatalError", r"\b(fatalError|preconditionFailure|abort|assertionFailure)\s*\(", "it ends the program: throw an error"),
    ("unsafeBitCast", r"\b(unsafeBitCast|unsafeDowncast)\b", "nothing checks the cast: convert, or except the file with its proof"),
    ("Unmanaged", r"\bUnmanaged\b", "nothing counts the reference: keep it in Swift, or except the file with its proof"),
    ("unowned(unsafe)", r"\bunowned\s*\(\s*unsafe\s*\)", "the object may be gone: use weak or a strong reference"),
    ("weak hash", r"\bInsecure\s*\.\s*(MD5|SHA1)\b", "the hash can be forged: use SHA256"),
    ("no certificate check", r"\bcertificateVerification\b[^\n]*\.none\b|\.noHostnameVerification\b", "anybody can pose as the server: verify in full"),
]
# These two are allowed where a sentence says why they are right.
PROVEN = [
    ("@unchecked Sendable", r"@unchecked\s+Sendable\b"),
    ("nonisolated(unsafe)", r"\bnonisolated\s*\(\s*unsafe\s*\)"),
]
C_CALLS = {
    "strcpy": "snprintf", "strcat": "snprintf", "stpcpy": "snprintf", "sprintf": "snprintf", "vsprintf": "vsnprintf", "gets": "fgets",
    "scanf": "fgets and strtol", "sscanf": "strtol", "strtok": "strtok_r", "alloca": "malloc", "system": "posix_spawn", "popen": "posix_spawn",
    "mktemp": "mkstemp", "tmpnam": "mkstemp", "tempnam": "mkstemp", "rand": "getrandom",
}
PAGE = [
    ("innerHTML", r"\.\s*(innerHTML|outerHTML)\s*\+?=(?!=)|\binsertAdjacentHTML\b|\bdocument\s*\.\s*write", "text becomes markup: use textContent"),
    ("eval", r"\b(eval|Function)\s*\(", "text becomes a program: parse it"),
]
SHELL = re.compile(r"^/?(usr/)?(bin/)?(sh|bash)$")


def scan(root, files):
    for file in files:
        rules = {".swift": swift, ".c": c, ".h": c, ".js": page}.get(file[file.rfind("."):])
        if rules:
            yield from rules(file, (root / file).read_text(errors="replace"))


def swift(file, source):
    # Build plugins run on the builder's machine alone, and tests may end with a crash.
    if file.startswith(("Tests/", "Sources/Plugins/")) or file == "Package.swift":
        return
    text = code_text.read(source, "swift")
    lines = source.split("\n")
    for name, expression, advice in SWIFT:
        yield from matches("unsafe-swift", file, text, lines, name, expression, advice)
    yield from c_calls("unsafe-swift", file, text, lines)
    for name, expression in PROVEN:
        for finding in matches("unsafe-swift", file, text, lines, name, expression, "no sentence proves it: write one in the comment above"):
            if not proof(text, int(finding.where.rsplit(":", 1)[1]), name):
                yield finding
    for line, string in text.strings:
        if SHELL.match(string):
            yield Finding("unsafe-swift", f"{file}:{line}", "shell: a shell reads what it is handed: start the program itself", lines[line - 1])


def proof(text, line, name):
    """Whether the comment on the line or above its declaration speaks of it, in a sentence."""
    said, above, lines = [text.comments.get(line, "")], line - 1, text.lines()
    while above > 0 and (above in text.comments or lines[above - 1].strip().startswith("@")) and above > line - 30:
        if above in text.comments and lines[above - 1].strip() and not lines[above - 1].strip().startswith("@"):
            break  # a comment behind other code is about that
        said.insert(0, text.comments.get(above, ""))
        above -= 1
    words = " ".join(said)
    if name == "@unchecked Sendable":
        words = words.partition("`@unchecked Sendable`:")[2]
    return len(words.split()) >= 4


def c(file, source):
    yield from c_calls("unsafe-c", file, code_text.read(source, "c"), source.split("\n"))


def c_calls(check, file, text, lines):
    for name, instead in C_CALLS.items():
        expression = r"(?<![\w.])(?<!func )(?<!case )" + name + r"\s*\("
        yield from matches(check, file, text, lines, name, expression, f"use {instead}")


def page(file, source):
    text = code_text.read(source, "js")
    for name, expression, advice in PAGE:
        yield from matches("unsafe-page", file, text, source.split("\n"), name, expression, advice)


def matches(check, file, text, lines, name, expression, advice):
    for match in re.finditer(expression, text.code):
        line = text.code.count("\n", 0, match.start()) + 1
        yield Finding(check, f"{file}:{line}", f"{name}: {advice}", lines[line - 1])
