"""The security scan: every fault that it has to find is planted, and what is right beside it is not taken for one."""

import datetime
import http.server
import json
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "docker/release/sbom"), str(ROOT / "docker/release/security")]

import advisories
import code_text
import debian_updates
import hardening
import linters
import secrets_check
import unsafe_code
from bill import Mistake
from finding import Exceptions, Finding, Unchecked


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def plant(self, file, text):
        (self.root / file).parent.mkdir(parents=True, exist_ok=True)
        (self.root / file).write_text(text)
        return file


class UnsafeCode(Folder):
    def found(self, file, text):
        self.plant(file, text)
        return [(finding.check, int(finding.where.rsplit(":", 1)[1]), finding.what.split(":")[0])
                for finding in unsafe_code.scan(self.root, [file])]

    def swift(self, text):
        return [(line, name) for _, line, name in self.found("Sources/A/A.swift", text)]

    def test_faults_in_swift(self):
        for text, name in {
            "let a = try! f()": "try!",
            "let a = b as! C": "as!",
            "let a = b!": "force unwrap",
            "let a = f()!.c": "force unwrap",
            "let a = b[1]! + 2": "force unwrap",
            "var a: Window!": "force unwrap",
            "let a = \"\\(b!)\"": "force unwrap",
            "let a = #\"\\#(b!)\"#": "force unwrap",
            "let a = \"\"\"\n  \\(f(\"x\")!)\n\"\"\"": "force unwrap",
            "fatalError(\"x\")": "fatalError",
            "preconditionFailure()": "fatalError",
            "let a = unsafeBitCast(b, to: C.self)": "unsafeBitCast",
            "Unmanaged.passRetained(a)": "Unmanaged",
            "unowned(unsafe) let a: A": "unowned(unsafe)",
            "Insecure.MD5.hash(data: a)": "weak hash",
            "tls.certificateVerification = .none": "no certificate check",
            "system(\"ls\")": "system",
            "popen(a, \"r\")": "popen",
            "let shell = \"/bin/sh\"": "shell",
        }.items():
            with self.subTest(text):
                self.assertEqual([found for _, found in self.swift(f"// First.\n{text}\n")], [name])

    def test_what_is_right_in_swift(self):
        for text in [
            "// try! b! fatalError(", "/* a /* b! */ c! */", "let a = \"b! try! \\\"c!\"", "let a = #\"b! \\(c!)\"#", "if a != b {}",
            "if !a {}", "let a = [!b]", "let a = \"\"\"\n  b! \" c!\n\"\"\"", "case system(String, Int32)", "x.system(1)",
            "text.replacing(/[^a!]b!/) { \"\" }", "let a = #/b!/#", "let a = b / c // d!", "precondition(a > 0)",
        ]:
            with self.subTest(text):
                self.assertEqual(self.swift(text + "\n"), [])

    def test_what_follows_a_string_is_seen(self):
        self.assertEqual(self.swift('let a = "\\"" + b!\nlet c = /"/\nlet d = e!\n'), [(1, "force unwrap"), (3, "force unwrap")])

    def test_unchecked_needs_its_sentence(self):
        bare = "final class A: @unchecked Sendable {}\n"
        for above, is_right in {
            "": False,
            "/// A thing.\n": False,
            "/// `@unchecked Sendable`: yes.\n": False,
            "/// `@unchecked Sendable`: everything is constant after the start.\n": True,
            "/// `@unchecked Sendable`: everything is constant\n/// after.\n@frozen\n": True,
            "/// `@unchecked Sendable`: everything is constant after the start.\nlet a = 1\n": False,
        }.items():
            with self.subTest(above):
                self.assertEqual(self.swift(above + bare) == [], is_right)
        self.assertEqual([name for _, name in self.swift("nonisolated(unsafe) let a = b\n")], ["nonisolated(unsafe)"])
        self.assertEqual(self.swift("// Each row is written by one thread.\nnonisolated(unsafe) let a = b\n"), [])

    def test_faults_in_c_and_in_the_page(self):
        for call in ["strcpy(a, b)", "sprintf(a, b)", "gets(a)", "system (a)", "strtok(a, b)", "mktemp(a)"]:
            self.assertEqual(len(self.found("Sources/CA/shim.h", f"static void f(void) {{ {call}; }}\n")), 1, call)
        self.assertEqual(self.found("Sources/CA/shim.h", "/* strcpy(a, b) */ snprintf(a, 1, \"gets(\"); my_system(1);\n"), [])
        for text in ["a.innerHTML = b", "a.outerHTML += b", "eval(a)", "new Function(a)", "a.insertAdjacentHTML(b, c)", "`${eval(a)}`"]:
            self.assertEqual(len(self.found("Sources/A/Page/a.js", text + "\n")), 1, text)
        self.assertEqual(self.found("Sources/A/Page/a.js", "a.textContent = 'eval(b)' // eval(c)\nif (a.innerHTML == b) {}\n"), [])

    def test_code_keeps_its_places(self):
        for file in ROOT.glob("Sources/**/*.swift"):
            source = file.read_text()
            code = code_text.read(source, "swift").code
            self.assertEqual([len(line) for line in source.split("\n")], [len(line) for line in code.split("\n")], file)

    def test_tests_may_end_with_a_crash(self):
        self.assertEqual(self.found("Tests/A/A.swift", "let a = b!\n"), [])


class ExceptionFile(Folder):
    finding = Finding("unsafe-swift", "Sources/A.swift:7", "try!: handle it", "let a = try! f()")

    def exceptions(self, text):
        return Exceptions(self.root / self.plant("exceptions.toml", text), today=datetime.date(2030, 1, 1))

    def entry(self, **changes):
        entry = {"check": "unsafe-swift", "where": "Sources/A.swift", "match": "try! f", "reason": "Because f never throws here.", **changes}
        lines = [f"{key} = {value}" if key == "expires" else f"{key} = {json.dumps(value)}" for key, value in entry.items() if value]
        return "[[exception]]\n" + "\n".join(lines) + "\n"

    def test_one_that_matches(self):
        self.assertEqual(self.exceptions(self.entry()).sort([self.finding], {"unsafe-swift"}), ([], 1))
        self.assertEqual(self.exceptions(self.entry(where="Sources/*")).sort([self.finding], {"unsafe-swift"}), ([], 1))

    def test_one_that_matches_nothing_is_found(self):
        for change in ({"check": "secret"}, {"where": "Sources/B.swift"}, {"match": "fatalError"}):
            left, excepted = self.exceptions(self.entry(**change)).sort([self.finding], {"unsafe-swift", "secret"})
            self.assertEqual(([one.check for one in left], excepted), (["unsafe-swift", "exception"], 0), change)
            self.assertIn("matches nothing", left[1].what)

    def test_one_whose_check_did_not_run_is_kept(self):
        self.assertEqual(self.exceptions(self.entry(check="secret")).sort([], {"unsafe-swift"}), ([], 0))

    def test_one_that_is_over_counts_no_more(self):
        flaw = Finding("debian", "libodd1", "1 is installed, bookworm-security has 2 (CVE-2029-1234)")
        entry = {"check": "debian", "where": "libodd1", "match": "CVE-2029-1234"}
        good = self.exceptions(self.entry(**entry, expires="2030-01-01"))
        self.assertEqual(good.sort([flaw], {"debian"}), ([], 1))
        left, excepted = self.exceptions(self.entry(**entry, expires="2029-12-31")).sort([flaw], {"debian"})
        self.assertEqual(([one.check for one in left], excepted), (["debian", "exception"], 0))
        self.assertIn("ended on 2029-12-31", left[1].what)

    def test_what_is_no_exception_is_refused(self):
        for text in [
            self.entry(reason=None), self.entry(reason="It is fine."), self.entry(where=None), self.entry(match=None), self.entry(check=None),
            self.entry(colour="blue"), self.entry(check="debian"), self.entry(check="advisory"), "[[exception",
        ]:
            with self.subTest(text), self.assertRaises(Mistake):
                self.exceptions(text)

    def test_ours_is_whole(self):
        Exceptions(ROOT / "docker/release/security-exceptions.toml")


class Linters(Folder):
    def test_python(self):
        bad = self.plant("a.py", "import subprocess\nsubprocess.run('ls ' + input(), shell=True)  # nosec\n")
        good = self.plant("b.py", "import subprocess\nsubprocess.run(['ls'])\n")
        self.assertEqual([finding.where for finding in linters.python(self.root, [bad, good])], ["a.py:2"])

    def test_shell(self):
        bad = self.plant("run", "#!/usr/bin/env bash\nrm -rf $1\n")
        good = self.plant("a.sh", "#!/bin/sh\nrm -rf \"$1\"\n")
        other = self.plant("notes", "rm -rf $1\n")
        self.assertEqual([finding.where for finding in linters.shell(self.root, [bad, good, other])], ["run:2"])

    def test_c(self):
        bad = self.plant("a.h", "static inline int f(void) { int a[2]; a[0] = a[1] = 0; return a[2]; }\n")
        good = self.plant("b.h", "static inline int f(void) { int a[2] = {0, 0}; return a[1]; }\n")
        found = list(linters.c(self.root, [bad, good]))
        self.assertEqual({finding.where for finding in found}, {"a.h:1"})
        self.assertIn("arrayIndexOutOfBounds", found[0].what)


class Secrets(Folder):
    def test_secrets(self):
        for name, text in {
            "key": "-----BEGIN RSA " + "PRIVATE KEY-----\n",
            "cloud": 'key = "AKIA' + "QWERTYUIOPASDFGH" + '"\n',
            "forge": 'a = "ghp_' + "a1B2c3D4" * 4 + 'e5F6"\n',
            "address": "curl https://me:" + "hunter2hunter2@example.org/\n",
        }.items():
            with self.subTest(name):
                self.assertNotEqual(list(secrets_check.scan(self.root, [self.plant("a.txt", text)])), [])

    def test_what_is_none(self):
        files = [self.plant("a.txt", "The token is read from SOUNDLAB_AUTH_TOKEN.\n"), self.plant("Package.resolved", f'"revision" : "{"0a1b2c3d" * 5}"\n')]
        self.assertEqual(list(secrets_check.scan(self.root, files)), [])


POLICY = """libold1:
  Installed: 1.0-1
  Candidate: 1.0-1+deb12u1
  Version table:
     1.0-1+deb12u1 500
        500 http://deb.debian.org/debian-security bookworm-security/main amd64 Packages
 *** 1.0-1 100
        500 http://deb.debian.org/debian bookworm/main amd64 Packages
        100 /var/lib/dpkg/status
libnew1:
  Installed: 2:3.0-1
  Candidate: 2:3.0-1
  Version table:
 *** 2:3.0-1 500
        500 http://deb.debian.org/debian bookworm/main amd64 Packages
        100 /var/lib/dpkg/status
libnone:
  Installed: (none)
  Candidate: 1
  Version table:
     1 500
"""
CHANGELOG = """old (1.0-1+deb12u1) bookworm-security; urgency=high

  * CVE-2029-1111: a flaw.
  * CVE-2029-2222

 -- A <a@example.org>  Thu, 01 Jan 2029 00:00:00 +0000

old (1.0-1) unstable; urgency=low

  * CVE-2020-3333: mended long ago.
"""


class Debian(unittest.TestCase):
    def test_policies(self):
        self.assertEqual(dict(debian_updates.parse_policies(POLICY)), {
            "libold1": ("1.0-1", "1.0-1+deb12u1", ["bookworm-security"]), "libnew1": ("2:3.0-1", "2:3.0-1", ["bookworm"])})

    def test_what_debian_has_mended_is_found(self):
        policies = dict(debian_updates.parse_policies(POLICY))
        found = list(debian_updates.judge(policies, lambda package, installed, candidate: debian_updates.cves(CHANGELOG, installed)))
        self.assertEqual([finding.where for finding in found], ["libold1"])
        self.assertIn("bookworm-security has 1.0-1+deb12u1 (CVE-2029-1111, CVE-2029-2222)", found[0].what)

    def test_lists_that_cannot_be_had_are_no_pass(self):
        class Archive(debian_updates.Archive):
            def update(self):
                self.options += ["-o", "Dir::Etc::SourceList=/dev/null", "-o", "Dir::Etc::SourceParts=" + str(self.folder)]
                (self.folder / "x.list").write_text("deb [trusted=yes] http://127.0.0.1:9/debian bookworm main\n")
                return super().update()

        original, debian_updates.Archive = debian_updates.Archive, Archive
        self.addCleanup(setattr, debian_updates, "Archive", original)
        with tempfile.TemporaryDirectory() as folder:
            found = list(debian_updates.scan("/bin/true", [], folder))
        self.assertEqual([type(one) for one in found], [Unchecked])


class Database(http.server.BaseHTTPRequestHandler):
    answers = {}

    def do_GET(self):
        answer = self.answers.get(self.path)
        self.send_response(200 if answer else 404)
        self.end_headers()
        self.wfile.write(json.dumps(answer or {}).encode())

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = {"pkg:swift/github.com/x/bad@1.0.0": [{"id": "GHSA-1"}]}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"results": [{"vulns": known[query["package"]["purl"]]} if query["package"]["purl"] in known else {}
                                                 for query in asked["queries"]]}).encode())

    def log_message(self, *_):
        pass


class Advisories(Folder):
    def setUp(self):
        super().setUp()
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Database)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.url = f"http://127.0.0.1:{server.server_port}"

    def resolved(self):
        pins = [{"location": f"https://github.com/x/{name}.git", "state": {"version": "1.0.0"}} for name in ("bad", "good")]
        return self.root / self.plant("Package.resolved", json.dumps({"pins": pins}))

    def test_swift(self):
        found = list(advisories.swift(self.resolved(), self.url))
        self.assertEqual([(one.where, one.what.split()[0]) for one in found], [("github.com/x/bad", "GHSA-1")])

    def test_python(self):
        Database.answers = {
            "/pypi/bad/1/json": {"vulnerabilities": [{"id": "PYSEC-1", "fixed_in": ["2"]}, {"id": "PYSEC-0", "withdrawn": "2029"}], "urls": []},
            "/pypi/gone/1/json": {"vulnerabilities": [], "urls": [{"yanked": True}]},
            "/pypi/good/1/json": {"vulnerabilities": [], "urls": [{"yanked": False}]},
            "/pypi/newest/json": {"info": {"version": "1"}, "vulnerabilities": [{"id": "PYSEC-2"}], "urls": []},
            "/pypi/old/json": {"info": {"version": "2"}, "vulnerabilities": [], "urls": []},
        }
        file = self.root / self.plant("r.txt", "".join(f"{name}==1 \\\n    --hash=sha256:0\n" for name in ("bad", "gone", "good", "newest", "old")))
        found = list(advisories.python(file, self.url))
        self.assertEqual([one.where for one in found if isinstance(one, Finding)], ["bad", "gone", "newest"])
        missed = [one.why for one in found if isinstance(one, Unchecked)]
        self.assertEqual(len(missed), 1)
        self.assertTrue(missed[0].startswith("old 1:"), missed)

    def test_a_database_that_is_away_is_no_pass(self):
        self.assertEqual([type(one) for one in advisories.swift(self.resolved(), "http://127.0.0.1:9")], [Unchecked])
        file = self.root / self.plant("r.txt", "good==1 \\\n")
        self.assertEqual([type(one) for one in advisories.python(file, "http://127.0.0.1:9")], [Unchecked])

    def test_no_other_scheme(self):
        with self.assertRaises(Mistake):
            list(advisories.swift(self.resolved(), "file:///etc"))


PROGRAM = """#include <stdio.h>
#include <string.h>
int main(int count, char **words) { char text[64]; strcpy(text, words[0]); printf("%s %d\\n", text, count); return 0; }
"""
GOOD = ["-O2", "-fPIE", "-pie", "-fstack-protector-strong", "-D_FORTIFY_SOURCE=2", "-Wl,-z,relro,-z,now,-z,noexecstack", "-s"]


class Hardening(Folder):
    def faults(self, *flags, release=True):
        self.plant("a.c", PROGRAM)
        # Debian's own compiler, so that nothing depends on the toolchain's defaults.
        subprocess.run([shutil.which("gcc") or "cc", "-w", "-o", "a", "a.c", *flags], cwd=self.root, check=True)
        return " ".join(finding.what for finding in hardening.scan(self.root / "a", release))

    def test_a_good_one(self):
        self.assertEqual(self.faults(*GOOD), "")

    def test_each_fault_is_found(self):
        for flags, word in {
            ("-no-pie", "-fno-pie"): "position-independent",
            ("-Wl,-z,norelro",): "-z relro",
            ("-Wl,-z,lazy",): "-z now",
            ("-Wl,-z,execstack",): "stack can be executed",
            ("-Wl,-rpath,/build/lib",): "/build/lib",
            ("-Wl,--disable-new-dtags,-rpath,/old/lib",): "/old/lib",
            ("-fno-stack-protector",): "-fstack-protector-strong",
            ("-U_FORTIFY_SOURCE",): "-D_FORTIFY_SOURCE=2",
        }.items():
            with self.subTest(flags):
                self.assertIn(word, self.faults(*GOOD, *flags))
        self.assertIn("strip it", self.faults(*GOOD[:-1]))
        self.assertIn("strip it", self.faults(*GOOD[:-1], "-g"))

    def test_the_toolchain_may_be_looked_up_before_a_release(self):
        flags = [*GOOD[:-1], "-Wl,-rpath,/opt/swift/usr/lib/swift/linux:$ORIGIN"]
        self.assertEqual(self.faults(*flags, release=False), "")
        self.assertIn("which another machine has not", self.faults(*flags))

    def test_how_c_was_compiled(self):
        def build(*compilers):
            text = "".join(f"    tool: clang\n    inputs: []\n    args: {json.dumps([one, '-c', '/b/checkouts/swift-x/a.c'])}\n" for one in compilers)
            self.plant("release.yaml", text + f"    tool: shell\n    args: {json.dumps(['/usr/bin/swiftc', '-c'])}\n")
            return [finding.where for finding in hardening.compiled(self.root)]

        guarded = str(ROOT / "docker/release/guarded-clang")
        self.assertEqual(build(guarded), [])
        self.assertEqual(build(guarded, "/opt/swift/usr/bin/clang"), ["swift-x"])
        self.assertEqual(build(), ["release.yaml"])

    def test_the_guarded_compiler_guards(self):
        flags = (ROOT / "docker/release/guarded-clang").read_text()
        for flag in ("-fstack-protector-strong", "-D_FORTIFY_SOURCE=2"):
            self.assertIn(flag, flags)


class Command(unittest.TestCase):
    """The whole command, over the sources of this checkout."""

    def scan(self, *arguments):
        return subprocess.run([sys.executable, str(ROOT / "docker/release/security"), *arguments], capture_output=True, text=True, cwd=ROOT)

    def test_our_sources_are_clean(self):
        run = self.scan("--only", "code", "bandit", "shellcheck", "cppcheck")
        self.assertEqual(run.returncode, 0, run.stderr)

    def test_a_finding_fails_it(self):
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as nothing:
            run = self.scan("--only", "code", "--exceptions", nothing.name)
        self.assertEqual(run.returncode, 1)
        self.assertIn("unsafe-swift: ", run.stderr)

    def test_what_was_not_checked_is_told_and_fails_where_asked(self):
        arguments = ["--only", "swift-advisories", "--osv", "http://127.0.0.1:9"]
        if not (ROOT / "Package.resolved").exists():
            self.skipTest("nothing is resolved yet")
        run = self.scan(*arguments)
        self.assertEqual(run.returncode, 0)
        self.assertIn("NOT CHECKED", run.stdout)
        self.assertIn("NOT CHECKED", run.stderr)
        self.assertEqual(self.scan(*arguments, "--complete").returncode, 1)


if __name__ == "__main__":
    unittest.main()
