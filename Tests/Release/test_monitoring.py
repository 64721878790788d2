"""What Prometheus and Grafana are given: each alert is raised when it has to be, each figure is one that the server has."""

import json
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MONITORING = ROOT / "docker/monitoring"
ALERTS = (MONITORING / "alerts.yml").read_text()
DASHBOARD = json.loads((MONITORING / "grafana/dashboards/phi-matrix.json").read_text())
NAMES = re.findall(r"- alert: (\w+)", ALERTS)
# What Prometheus itself makes.
MADE = {"up", "ALERTS"}


def promtool(*arguments):
    return subprocess.run(["promtool", *arguments], capture_output=True, text=True)


def served():
    """The names of the metrics that the sources register."""
    text = "".join(file.read_text() for file in (ROOT / "Sources").rglob("*.swift"))
    return set(re.findall(r'"((?:soundlab|process)_[a-z_]+)"', text))


def asked(expression):
    """The names of the metrics in an expression."""
    without = re.sub(r'"[^"]*"', '""', expression)
    without = re.sub(r"\b(?:by|on|group_left)\s*\([^)]*\)", "", without)
    without = re.sub(r"\{[^}]*\}|\[[^\]]*\]", "", without)
    return {name for name in re.findall(r"\b[A-Za-z_]\w*(?!\w*\s*\()", without)} - {"by", "on", "and", "or"}


class AlertTests(unittest.TestCase):
    def outcome(self, alerts, until=None):
        """promtool's, of the cases up to one."""
        with tempfile.TemporaryDirectory() as folder:
            rules, tests = Path(folder, "alerts.yml"), Path(folder, "tests.yml")
            rules.write_text(alerts)
            cases = (ROOT / "Tests/Release/alerts_test.yml").read_text().replace("ALERTS", str(rules))
            tests.write_text(cases.split(f"  - name: {until}")[0])
            return promtool("test", "rules", str(tests))

    def test_the_files_are_what_prometheus_takes(self):
        for what, name in [("rules", "alerts.yml"), ("config", "prometheus.yml")]:
            checked = promtool("check", what, str(MONITORING / name))
            self.assertEqual(checked.returncode, 0, checked.stderr)

    def test_each_alert_is_raised_when_it_has_to_be_and_only_then(self):
        tested = self.outcome(ALERTS)
        self.assertEqual(tested.returncode, 0, tested.stdout + tested.stderr)

    def test_an_alert_that_is_never_raised_is_found(self):
        never = re.sub(r"expr: (?:>\n(?: {10}.*\n)+|.*\n)", "expr: vector(0) > 1\n", ALERTS)
        found = self.outcome(never)
        for name in NAMES:
            self.assertIn(f"alertname: {name}", found.stdout + found.stderr)

    def test_an_alert_that_is_always_raised_is_found(self):
        always = re.sub(r"expr: (?:>\n(?: {10}.*\n)+|.*\n)", "expr: vector(1)\n", ALERTS)
        found = self.outcome(always, until="nothing is well")
        for name in NAMES:
            self.assertIn(f"alertname: {name}", found.stdout + found.stderr)

    def test_advice_is_a_section_of_the_runbook(self):
        headings = re.findall(r"^#+ (.*)$", (ROOT / "docker/RUNBOOK.md").read_text(), re.MULTILINE)
        for advice in re.findall(r"advice: (.*)", ALERTS):
            self.assertIn(advice, headings)


class MetricNameTests(unittest.TestCase):
    def expressions(self):
        yield from re.findall(r"expr: (?:>\n)?((?: {10}.*\n)+|.*\n)", ALERTS)
        for panel in DASHBOARD["panels"]:
            yield from (target["expr"] for target in panel["targets"])
        yield from (one["expr"] for one in DASHBOARD["annotations"]["list"])
        for variable in DASHBOARD["templating"]["list"]:
            yield re.sub(r"label_values\((\w+), \w+\)", r"\1", variable["definition"])

    def test_each_is_one_that_the_server_has(self):
        known = served()
        self.assertIn("soundlab_frames_per_second", known)
        for expression in self.expressions():
            names = asked(expression)
            self.assertTrue(names, expression)
            for name in names - MADE:
                self.assertIn(re.sub("_(bucket|sum|count)$", "", name), known, expression)

    def test_names_are_found_in_expressions(self):
        self.assertEqual(
            asked('histogram_quantile(0.9, sum by (le) (rate(a_b_bucket{x="c"}[2m]))) > on (i) group_left () 0.1 * d'),
            {"a_b_bucket", "d"})


class DashboardTests(unittest.TestCase):
    def test_panels_lie_beside_each_other_and_ask_the_source_that_is_provisioned(self):
        source = re.search(r"uid: (\S+)", (MONITORING / "grafana/provisioning/datasources/prometheus.yml").read_text())[1]
        taken = set()
        for panel in DASHBOARD["panels"]:
            self.assertEqual(panel["datasource"]["uid"], source)
            place = panel["gridPos"]
            self.assertLessEqual(place["x"] + place["w"], 24)
            cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
            self.assertFalse(cells & taken, panel["title"])
            taken |= cells
        self.assertEqual(len({panel["id"] for panel in DASHBOARD["panels"]}), len(DASHBOARD["panels"]))

    def test_each_expression_is_promql(self):
        expressions = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
        rules = "groups: [{name: g, rules: [" + ", ".join(
            json.dumps({"record": f"r{number}", "expr": text.replace("$instance", ".*")}) for number, text in enumerate(expressions)) + "]}]"
        with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
            file.write(rules)
            file.flush()
            checked = promtool("check", "rules", file.name)
        self.assertEqual(checked.returncode, 0, checked.stderr)


if __name__ == "__main__":
    unittest.main()
