"""What a check has found, and which findings are excepted."""

import datetime
import fnmatch
import tomllib
from dataclasses import dataclass
from pathlib import Path

from bill import Mistake

# A vulnerability is put up with for a time, not for ever.
EXPIRING = {"debian", "advisory"}
KEYS = {"check", "where", "match", "reason", "expires"}


@dataclass(frozen=True)
class Finding:
    check: str
    where: str  # a file, FILE:LINE, or a package
    what: str
    text: str = ""  # the line that it is about

    def __str__(self):
        return f"{self.check}: {self.where}: {self.what}" + (f"\n    {self.text.strip()[:160]}" if self.text else "")


@dataclass(frozen=True)
class Unchecked:
    """What could not be looked at here. Not a finding, and not a pass."""

    check: str
    why: str


class Exceptions:
    """The one file of exceptions: [[exception]] tables of check, where, match, reason and, for vulnerabilities, expires."""

    def __init__(self, path, today=None):
        self.path, self.today = Path(path), today or datetime.date.today()
        try:
            self.entries = tomllib.loads(self.path.read_text()).get("exception", [])
        except tomllib.TOMLDecodeError as error:
            raise Mistake(f"{path} is no TOML ({error}): mend it") from error
        for number, entry in enumerate(self.entries, 1):
            self.examine(number, entry)

    def examine(self, number, entry):
        name = f"exception {number} in {self.path}"
        for key in sorted(set(entry) - KEYS):
            raise Mistake(f"{name} has the key {key}, which is none: use {', '.join(sorted(KEYS))}")
        for key in ("check", "where", "match"):
            if not entry.get(key):
                raise Mistake(f"{name} lacks {key}: say which finding it is about")
        if len(str(entry.get("reason", "")).split()) < 4:
            raise Mistake(f"{name} has no reason: write a sentence that says why the finding is none")
        if entry["check"] in EXPIRING and not isinstance(entry.get("expires"), datetime.date):
            raise Mistake(f"{name} is about a vulnerability and never ends: add expires = YYYY-MM-DD")

    def sort(self, findings, ran):
        """(findings that stand, number excepted). An exception that is of no use, or over, is a finding itself."""
        left, used, over = [], set(), set()
        for finding in findings:
            for number, entry in enumerate(self.entries):
                if self.matches(entry, finding):
                    if entry.get("expires", self.today) < self.today:
                        over.add(number)
                        continue
                    used.add(number)
                    break
            else:
                left.append(finding)
        for number, entry in enumerate(self.entries):
            about = f"{entry['check']} in {entry['where']} ({entry['match']})"
            if number in over:
                left.append(Finding("exception", self.path.name, f"the one for {about} ended on {entry['expires']}: mend what it is about"))
            elif number not in used and entry["check"] in ran:
                left.append(Finding("exception", self.path.name, f"the one for {about} matches nothing: remove it"))
        return left, len(findings) - sum(1 for finding in left if finding.check != "exception")

    @staticmethod
    def matches(entry, finding):
        file = finding.where.rsplit(":", 1)[0] if finding.where.rsplit(":", 1)[-1].isdigit() else finding.where
        return (
            entry["check"] == finding.check
            and fnmatch.fnmatchcase(file, entry["where"])
            and (entry["match"] in finding.what or entry["match"] in finding.text)
        )
