"""The runbook's table of threats names tests that there are."""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def threats(text):
    """The rows of the table: threat, guard, names of tests."""
    section = text.split("\n## Threats", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| ")]
    return [(row[0].strip(), row[1].strip(), re.findall(r"`(\w+)`", row[2])) for row in rows[1:]]


def missing(rows, suites):
    return [name for _, _, names in rows for name in names if name not in suites]


class ThreatTable(unittest.TestCase):
    def setUp(self):
        self.rows = threats((ROOT / "docker/RUNBOOK.md").read_text())
        sources = "\n".join(path.read_text() for path in (ROOT / "Tests").rglob("*.swift"))
        self.suites = set(re.findall(r"(?:struct|class) (\w+Tests)\b", sources))

    def test_every_line_names_a_test_that_there_is(self):
        self.assertGreater(len(self.rows), 15)
        self.assertEqual([row[0] for row in self.rows if not row[2]], [])
        self.assertEqual(missing(self.rows, self.suites), [])

    def test_a_test_that_is_gone_is_noticed(self):
        self.assertEqual(missing([("a", "b", ["NoSuchTests"])], self.suites), ["NoSuchTests"])


if __name__ == "__main__":
    unittest.main()
