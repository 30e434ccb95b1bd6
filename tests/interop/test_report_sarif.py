# SPDX-License-Identifier: Apache-2.0
"""`hfauth doctor --format sarif` by the schema of SARIF 2.1.0, on a machine with findings of every kind of place: a file
with a line, a file, a variable, a URL, nothing.

Environment: HFAUTH_BIN, HFAUTH_SOURCE, HFAUTH_BUILD.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from scratch import installed

HFAUTH = pathlib.Path(os.environ["HFAUTH_BIN"]) / "hfauth"
SCHEMA = pathlib.Path(installed("sarif"))
sys.path.insert(0, installed("extra", "schema"))
import fastjsonschema  # noqa: E402

TOKEN, OTHER = ("hf_" + four * 8 + four[:2] for four in ("VvXx", "WwYy"))  # nobody's


class ReportSarif(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="hfauth-sarif-")
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name)
        self.environment = {"HOME": str(self.home), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "SHELL": "/bin/bash", "HFAUTH_STORE": "vault",
                            "XDG_RUNTIME_DIR": str(self.home / "run"), "HF_TOKEN": TOKEN, "HF_HUB_OFFLINE": "1"}
        (self.home / "run").mkdir(mode=0o700)
        self.addCleanup(subprocess.run, [HFAUTH, "shutdown", "-q"], env=self.environment, check=False)
        for name, text in ((".cache/huggingface/token", OTHER), (".cache/huggingface/stored_tokens", f"[a]\nhf_token = {OTHER}\nnoise\n"),
                           (".bashrc", f"# mine\nexport HF_TOKEN={TOKEN}\n"), (".bash_history", f"hf auth login --token {OTHER}\n"),
                           ("work dir/.env", f"HF_TOKEN={OTHER}\n")):
            path = self.home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            path.chmod(0o644)

    def test_a_report_with_findings_keeps_the_schema(self):
        validate = fastjsonschema.compile(json.loads(SCHEMA.read_text()))
        for words in ((), ("--only", "HFA101"), ("--lang", "ko")):
            done = subprocess.run([HFAUTH, "doctor", "--offline", "--format", "sarif", *words], capture_output=True, env=self.environment,
                                  cwd=self.home / "work dir", timeout=60, check=False)
            document = json.loads(done.stdout)
            validate(document)
        places = [location.get("physicalLocation") for location in self.locations()]
        self.assertIn({"artifactLocation": {"uri": ".bashrc", "uriBaseId": "HOME"}, "region": {"startLine": 2}}, places)
        self.assertIn({"artifactLocation": {"uri": ".env", "uriBaseId": "SRCROOT"}, "region": {"startLine": 1}}, places)
        self.assertIn(None, places)  # a variable is no file

    def locations(self):
        done = subprocess.run([HFAUTH, "doctor", "--offline", "--format", "sarif"], capture_output=True, env=self.environment,
                              cwd=self.home / "work dir", timeout=60, check=False)
        return [location for result in json.loads(done.stdout)["runs"][0]["results"] for location in result["locations"]]


if __name__ == "__main__":
    unittest.main()
