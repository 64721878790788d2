"""The bill of materials: what is read, what is written, and that what is broken is refused."""

import copy
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "docker/release/sbom"))

import cyclonedx_document
import debian_copyright
import schema_check
import spdx_document
import swift_packages
from bill import Bill, Component, File, Mistake

COPYRIGHT = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: 2020 Somebody
License: Expat

Files: src/odd.c
Copyright: 2020 Somebody
License: GPL-2+ or Odd-1
 Take it.

Files: debian/*
Copyright: 2021 Packager
License: GPL-3
"""


def bill():
    licence, texts = debian_copyright.parse("libodd1", COPYRIGHT)
    file = File("/usr/lib/libodd.so.1", "a" * 40, "b" * 64)
    return Bill(
        program=Component("program", "program", "1.2.3", "pkg:generic/program@1.2.3", "Soundlab", "application", sha256="c" * 64),
        components=[
            Component("swift-log", "swift-log", "1.0.0", "pkg:swift/github.com/apple/swift-log@1.0.0", "apple", licence="Apache-2.0",
                      homepage="https://github.com/apple/swift-log", source="git+https://github.com/apple/swift-log@abc"),
            Component("libodd1", "libodd1", "2-1", "pkg:deb/debian/libodd1@2-1", "Debian", maintainer="A Person <a@example.org>",
                      licence=licence, licence_texts=texts, files=[file]),
            Component("driver", "driver", "3", "pkg:deb/debian/driver@3", "Debian", needed="optional"),
            Component("unused", "unused", "4.0.0", "pkg:swift/github.com/x/unused@4.0.0", "x", needed="excluded"),
        ],
        links=[("program", "static", "swift-log"), ("program", "dynamic", "libodd1"), ("program", "runtime", "driver"),
               ("swift-log", "depends", "unused")],
        created="2025-01-02T03:04:05Z")


class Documents(unittest.TestCase):
    def setUp(self):
        self.spdx = spdx_document.document(bill(), "tool-1.0")
        self.cyclonedx = cyclonedx_document.document(bill(), "tool-1.0")

    def test_both_are_valid(self):
        self.assertEqual(schema_check.faults(self.spdx), [])
        self.assertEqual(schema_check.faults(self.cyclonedx), [])

    def test_the_same_bill_gives_the_same_documents(self):
        self.assertEqual(self.spdx, spdx_document.document(bill(), "tool-1.0"))
        self.assertEqual(self.cyclonedx, cyclonedx_document.document(bill(), "tool-1.0"))

    def test_links_are_told(self):
        links = {(link["spdxElementId"], link["relationshipType"], link["relatedSpdxElement"]) for link in self.spdx["relationships"]}
        for link in [
            ("SPDXRef-program", "STATIC_LINK", "SPDXRef-swift-log"), ("SPDXRef-program", "DYNAMIC_LINK", "SPDXRef-libodd1"),
            ("SPDXRef-driver", "RUNTIME_DEPENDENCY_OF", "SPDXRef-program"), ("SPDXRef-unused", "OPTIONAL_DEPENDENCY_OF", "SPDXRef-program"),
            ("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-program"),
        ]:
            self.assertIn(link, links)
        depends = {entry["ref"]: entry["dependsOn"] for entry in self.cyclonedx["dependencies"]}
        self.assertEqual(depends["program"], ["driver", "libodd1", "swift-log"])

    def broken(self, document, change):
        document = copy.deepcopy(document)
        change(document)
        return schema_check.faults(document)

    def test_broken_spdx_is_refused(self):
        changes = {
            "a package without a name": lambda d: d["packages"][0].pop("name"),
            "no creation": lambda d: d.pop("creationInfo"),
            "a link of no kind": lambda d: d["relationships"][1].update(relationshipType="LIKES"),
            "a hash of no kind": lambda d: d["files"][0]["checksums"][0].update(algorithm="CRC"),
            "a field of its own": lambda d: d["packages"][0].update(colour="blue"),
            "a link to nothing": lambda d: d["relationships"][1].update(relatedSpdxElement="SPDXRef-nothing"),
            "a licence of no kind": lambda d: d["packages"][1].update(licenseDeclared="Apache-9"),
            "a licence text that is missing": lambda d: d.pop("hasExtractedLicensingInfos"),
        }
        for name, change in changes.items():
            with self.subTest(name):
                self.assertNotEqual(self.broken(self.spdx, change), [])

    def test_broken_cyclonedx_is_refused(self):
        changes = {
            "a component without a name": lambda d: d["components"][0].pop("name"),
            "a kind that is none": lambda d: d["components"][0].update(type="thing"),
            "a hash too short": lambda d: d["metadata"]["component"]["hashes"][0].update(content="12"),
            "a number that is no URN": lambda d: d.update(serialNumber="7"),
            "a link to nothing": lambda d: d["dependencies"][1]["dependsOn"].append("nothing"),
            "a licence of no kind": lambda d: d["components"][0].update(licenses=[{"expression": "Apache-9"}]),
        }
        for name, change in changes.items():
            with self.subTest(name):
                self.assertNotEqual(self.broken(self.cyclonedx, change), [])

    def test_another_format_is_refused(self):
        with self.assertRaises(SystemExit):
            schema_check.faults({"spdxVersion": "SPDX-1.2"})


class Bills(unittest.TestCase):
    def test_a_bill_is_whole(self):
        bill().check()
        for name, change in {
            "twice": lambda b: b.components.append(b.components[0]),
            "to nothing": lambda b: b.links.append(("program", "static", "nothing")),
            "unreached": lambda b: b.links.pop(),
        }.items():
            with self.subTest(name), self.assertRaises(Mistake):
                one = bill()
                change(one)
                one.check()


class Licences(unittest.TestCase):
    def test_debian_copyright(self):
        expression, texts = debian_copyright.parse("libodd1", COPYRIGHT)
        self.assertEqual(expression, "(GPL-2.0-or-later OR LicenseRef-debian-libodd1-Odd-1) AND MIT")
        self.assertEqual(texts, {"LicenseRef-debian-libodd1-Odd-1": "Take it."})
        self.assertEqual(debian_copyright.parse("x", "This package was made by hand.\n"), ("", {}))

    def test_short_names(self):
        for debian, spdx in {
            "GPL-2": "GPL-2.0-only", "LGPL-2.1+": "LGPL-2.1-or-later", "GFDL-1.3": "GFDL-1.3-only", "Expat": "MIT",
            "BSD-3-clause": "BSD-3-Clause", "Odd": None,
        }.items():
            self.assertEqual(debian_copyright.spdx_name(debian), spdx)

    def test_swift_packages(self):
        root = Path(__file__).resolve().parents[2]
        self.assertEqual(swift_packages.licence(root), "MIT")


if __name__ == "__main__":
    unittest.main()
