"""The unit by systemd itself: it is understood, and what it shuts in stays shut in."""

import re
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
UNIT = (ROOT / "docker/systemd/phi-matrix.service").read_text()


class UnitTests(unittest.TestCase):
    def analyze(self, text, *command):
        with tempfile.TemporaryDirectory() as folder:
            unit = Path(folder, "phi-matrix.service")
            # The program is not installed where this is tested.
            unit.write_text(text.replace("/opt/phi-matrix/bin/phi-matrix", "/bin/true"))
            return subprocess.run(["systemd-analyze", *command, str(unit)], capture_output=True, text=True)

    def exposure(self, text):
        found = self.analyze(text, "security", "--offline=true", "--no-pager")
        return float(re.search(r"Overall exposure level for \S+: ([0-9.]+)", found.stdout)[1])

    def test_systemd_understands_each_line(self):
        checked = self.analyze(UNIT, "verify", "--man=no")
        self.assertEqual((checked.returncode, checked.stderr), (0, ""))
        self.assertIn("Unknown key", self.analyze(UNIT.replace("ProtectClock", "ProtectClok"), "verify", "--man=no").stderr)

    def test_little_is_exposed(self):
        self.assertLessEqual(self.exposure(UNIT), 2.0)
        # Two lines lost are noticed.
        self.assertGreater(self.exposure(UNIT.replace("CapabilityBoundingSet=\n", "").replace("NoNewPrivileges=yes\n", "")), 2.0)

    def test_it_waits_for_pictures_and_does_not_repeat_mistakes(self):
        for line in ("Type=notify", "WatchdogSec=30", "Restart=on-failure", "RestartPreventExitStatus=64 65", "StateDirectory=phi-matrix"):
            self.assertIn(f"\n{line}\n", UNIT)

    def test_shaders_can_be_compiled_into_memory(self):
        self.assertNotRegex(UNIT, r"(?m)^MemoryDenyWriteExecute=")


if __name__ == "__main__":
    unittest.main()
