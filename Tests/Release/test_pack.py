"""Archives of a release: the same bytes each time, and refused where something is wrong with them or what is in them."""

import gzip
import importlib.util
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest
from contextlib import redirect_stdout
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "docker/release/sbom"), str(ROOT / "docker/release/pack")]

import archive
import prove
from bill import Mistake

NAME = "phi-matrix-1.2.3-linux-x86_64"
# Does what prove.py asks for, with the faults that a variable names.
PROGRAM = r"""#!/bin/sh
case "$1" in
--version) echo "phi-matrix VERSION (abc, 2030-01-01)" ;;
doctor) exit DOCTOR ;;
presets) echo "PRESETS" ;;
snapshot) printf '\211PNG\r\n\032\n\0\0\0\rIHDR\0\0\001\100\0\0\0\HEIGHT' > picture.png ;;
esac
"""
RIGHT = {"VERSION": "1.2.3", "DOCTOR": "0", "PRESETS": "default", "HEIGHT": "264"}


def load_pack():
    spec = importlib.util.spec_from_file_location("pack_main", ROOT / "docker/release/pack/__main__.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Release(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.packed = self.root / "out" / f"{NAME}.tar.gz"
        self.packed.parent.mkdir()

    def stage(self, left_out=(), **changes):
        top = self.root / "stage" / NAME
        if top.exists():
            shutil.rmtree(top)
        text = PROGRAM
        for name, value in {**RIGHT, **changes}.items():
            text = text.replace(name, value)
        files = dict.fromkeys([*prove.NEEDED, *(f"share/phi-matrix/sbom/phi-matrix-1.2.3.{kind}.json" for kind in ("spdx", "cdx"))], "{}\n")
        for name, content in {**files, "bin/phi-matrix": text}.items():
            if name not in left_out:
                (top / name).parent.mkdir(parents=True, exist_ok=True)
                (top / name).write_text(content)
        if (top / "bin/phi-matrix").exists():
            (top / "bin/phi-matrix").chmod(0o700)
        return top

    def pack(self, *arguments, **changes):
        archive.write(self.stage(*arguments, **changes), self.packed, 1_900_000_000)
        archive.write_sums([self.packed], self.packed.parent / "SHA256SUMS")

    def prove(self, commit="abc"):
        with redirect_stdout(io.StringIO()) as said:
            prove.prove(self.packed.parent, commit)
        return said.getvalue()


class Archives(Release):
    def test_the_same_bytes_whatever_the_files_have_been_through(self):
        top = self.stage()
        archive.write(top, self.packed, 1_900_000_000)
        first = self.packed.read_bytes()
        for file in top.rglob("*"):
            os.utime(file, (1, 1))
        (top / "README.md").chmod(0o660)
        os.rename(top / "LICENSE", top / "other")
        os.rename(top / "other", top / "LICENSE")
        archive.write(top, self.packed, 1_900_000_000)
        self.assertEqual(self.packed.read_bytes(), first)
        self.assertEqual(list(archive.faults(self.packed)), [])
        (top / "README.md").write_text("another\n")
        archive.write(top, self.packed, 1_900_000_000)
        self.assertNotEqual(self.packed.read_bytes(), first)

    def test_tar_reads_it(self):
        self.pack()
        listed = subprocess.run(["tar", "-tvzf", self.packed], capture_output=True, text=True, check=True).stdout
        rows = {line.split()[-1]: line.split()[:2] for line in listed.splitlines()}
        self.assertEqual(rows[f"{NAME}/bin/phi-matrix"], ["-rwxr-xr-x", "root/root"])
        self.assertEqual(rows[f"{NAME}/LICENSE"], ["-rw-r--r--", "root/root"])

    def test_links_are_not_packed(self):
        top = self.stage()
        (top / "link").symlink_to("/etc/passwd")
        with self.assertRaises(Mistake):
            archive.write(top, self.packed, 0)

    def planted(self, *members, name="", mtime=0):
        with self.packed.open("wb") as raw, gzip.GzipFile(name, "wb", 6, raw, mtime=mtime) as packed, tarfile.open(fileobj=packed, mode="w") as tar:
            for member, change in members:
                entry = tarfile.TarInfo(member)
                entry.uname = entry.gname = "root"
                for key, value in change.items():
                    setattr(entry, key, value)
                tar.addfile(entry)
        return " ".join(archive.faults(self.packed))

    def test_each_fault_is_found(self):
        good = (f"{NAME}/a", {})
        self.assertEqual(self.planted(good), "")
        self.assertIn("gzip header", self.planted(good, name="a.tar"))
        self.assertIn("gzip header", self.planted(good, mtime=7))
        for fault, member in {
            "not sorted": (f"{NAME}/A", {}),
            "several times": (f"{NAME}/b", {"mtime": 7}),
            "outside": ("elsewhere/b", {}),
            f"{NAME}/b/../../c lies outside": (f"{NAME}/b/../../c", {}),
            "neither a file": (f"{NAME}/b", {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"}),
            "belongs to": (f"{NAME}/b", {"uid": 1000}),
            "belongs to somebody": (f"{NAME}/b", {"uname": "me"}),
            "the mode 4755": (f"{NAME}/b", {"mode": 0o4755}),
        }.items():
            with self.subTest(fault):
                self.assertIn(fault, self.planted(good, member))


class Proof(Release):
    def test_a_good_one(self):
        self.pack()
        said = self.prove()
        for word in ("version", "doctor", "presets   default", "snapshot  320x180"):
            self.assertIn(word, said)

    def refused(self, word, **changes):
        with self.subTest(word), self.assertRaisesRegex(Mistake, word):
            self.pack(**changes)
            self.prove()

    def test_what_is_missing_is_found(self):
        for name in [*prove.NEEDED, "share/phi-matrix/sbom/phi-matrix-1.2.3.cdx.json"]:
            self.refused(f"lacks {name}", left_out=(name,))

    def test_a_program_that_fails_is_found(self):
        self.refused("says that it is", VERSION="1.2.4")
        self.refused("doctor failed", DOCTOR="69")
        self.refused("does not find its preset default", PRESETS="nothing")
        self.refused("no PNG of 320x180", HEIGHT="265")
        self.pack()
        with self.assertRaisesRegex(Mistake, "not 1.2.3 of def"):
            self.prove(commit="def")

    def test_what_is_not_what_its_checksum_says_is_refused(self):
        self.pack()
        sums = self.packed.parent / "SHA256SUMS"
        subprocess.run(["sha256sum", "--quiet", "--check", sums.name], cwd=sums.parent, check=True)
        data = bytearray(self.packed.read_bytes())
        data[-1] ^= 1
        self.packed.write_bytes(data)
        with self.assertRaisesRegex(Mistake, "checksum says"):
            self.prove()
        self.packed.unlink()
        with self.assertRaisesRegex(Mistake, "is missing"):
            self.prove()
        sums.write_text("0" * 64 + "  ../../etc/passwd\n")
        with self.assertRaisesRegex(Mistake, "no checksum"):
            self.prove()
        sums.unlink()
        with self.assertRaisesRegex(Mistake, "pack first"):
            self.prove()


class Contents(unittest.TestCase):
    def test_what_is_shipped(self):
        files = dict(load_pack().shipped_files())
        self.assertEqual(files["presets/default.json"], "share/phi-matrix/presets/default.json")
        self.assertEqual(files["docker/RUNBOOK.md"], "docker/RUNBOOK.md")
        self.assertIn("LICENSE", files)
        self.assertEqual([file for file in files if file.startswith(("Sources", "Tests", "docker/release", ".git"))], [])


if __name__ == "__main__":
    unittest.main()
