"""What a bill of materials says, in neither of the two formats."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path


class Mistake(Exception):
    """What is wrong and what to do, in one sentence for a person."""


@dataclass
class File:
    path: str
    sha1: str
    sha256: str

    @staticmethod
    def of(path):
        data = Path(path).read_bytes()
        return File(str(path), hashlib.sha1(data, usedforsecurity=False).hexdigest(), hashlib.sha256(data).hexdigest())


@dataclass
class Component:
    key: str  # unique; letters, digits, "." and "-"
    name: str
    version: str
    purl: str
    supplier: str  # an organization
    kind: str = "library"  # CycloneDX's types
    maintainer: str = ""
    licence: str = ""  # an SPDX expression; empty where nobody stated one that a program can read
    licence_texts: dict = field(default_factory=dict)  # of each LicenseRef in it
    sha256: str = ""
    sha256_of: str = ""  # what the hash is of
    homepage: str = ""
    source: str = ""  # where its source or archive is had
    files: list = field(default_factory=list)
    needed: str = "required"  # required: linked or shipped; optional: may be replaced; excluded: resolved, not in the program
    note: str = ""


@dataclass
class Bill:
    program: Component
    components: list
    links: list  # (key, how, key); how: static, dynamic, runtime, depends, contains
    created: str  # ISO 8601, the commit's date, so that one commit has one bill

    def check(self):
        """Refuses what no schema can see: two of one name, links to what is not there, parts nothing leads to."""
        keys = [self.program.key] + [component.key for component in self.components]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise Mistake(f"two components are called {sorted(twice)[0]}: mend the bill's sources")
        known, reached = set(keys), {self.program.key}
        for start, _, end in self.links:
            for key in (start, end):
                if key not in known:
                    raise Mistake(f"a link leads to {key}, which is no component: mend the bill's sources")
            reached.add(end)
        for key in keys:
            if key not in reached:
                raise Mistake(f"nothing leads to {key}: mend the bill's sources")
