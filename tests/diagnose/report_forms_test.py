# SPDX-License-Identifier: Apache-2.0
"""The forms of `hfauth doctor --format sarif|junit|markdown|github`, --html and --bundle, on a machine whose variables,
paths and Hub try to break out of each of them.

Environment: HFAUTH_BIN, HFAUTH_SOURCE.
"""
import html.parser
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import tarfile
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

os.umask(0o077)  # what others may read is a finding of its own
BIN = pathlib.Path(os.environ["HFAUTH_BIN"])
HFAUTH = BIN / "hfauth"
TOKEN = "hf_" + "QqRr" * 8 + "Qq"  # nobody's
TAIL = TOKEN[-4:]
HOSTILE = "<script>alert('x')</script>]]>\n::error::forged\n\x1b[31m%0A`@nobody`|[x](https://example.com)\u202e\"&amp;"
ACCOUNT = "mallory-of-the-hub"


def facts_of(path):
    """A machine whose token is refused in hostile words, with hostile paths, as the doctor would have found it."""
    facts = json.loads(pathlib.Path(path).read_text())
    for value in facts["values"]:
        value["faults"] = []
        refused = value["where"] == "HF_TOKEN"
        facts["hub"].setdefault("verdicts", []).append({
            "sent": value["sent"], "verdict": "invalid" if refused else "valid", "user": "" if refused else ACCOUNT, "role": "read",
            "display_name": "", "expires": "", "status": 401, "message": HOSTILE, "request_id": HOSTILE, "failure": ""})
    facts["hub"].update(asked=True, reached=True, not_asked="", control_status=200)
    facts["setting_lines"] = [{"path": f"/~/{HOSTILE}", "line": 3, "variable": "HF_TOKEN"}]
    facts["incomplete"] = [{"id": "probe-x", "reason": HOSTILE, "next": ""}]
    pathlib.Path(path).write_text(json.dumps(facts))
    return path


class PageReader(html.parser.HTMLParser):
    VOID = {"meta", "br"}

    def __init__(self):
        super().__init__()
        self.open, self.elements, self.attributes, self.text = [], set(), [], ""

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.add(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]}"
        self.open.pop()

    def handle_data(self, data):
        self.text += data


class ReportForms(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = tempfile.mkdtemp(prefix="hfauth-forms-")
        os.mkdir(os.path.join(cls.home, "run"), 0o700)
        # The doctor looks at the repository of the current folder too, and ours has made-up tokens.
        os.chdir(os.path.join(cls.home, "run"))
        cls.environment = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere", "HOME": cls.home, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "SHELL": "/bin/bash",
                           "HFAUTH_STORE": "vault", "XDG_RUNTIME_DIR": os.path.join(cls.home, "run")}
        cache = pathlib.Path(cls.home, ".cache/huggingface")
        cache.mkdir(parents=True)
        (cache / "token").write_text(TOKEN[:-4] + "SsTt")
        facts = os.path.join(cls.home, "facts.json")
        subprocess.run([HFAUTH, "doctor", "--offline", "-q", "--facts-out", facts], stdout=subprocess.DEVNULL, timeout=60,
                       env={**cls.environment, "HF_TOKEN": TOKEN}, check=False)
        cls.facts = facts_of(facts)

    @classmethod
    def tearDownClass(cls):
        subprocess.run([HFAUTH, "shutdown", "-q"], env=cls.environment, check=False)
        shutil.rmtree(cls.home)

    def run_doctor(self, *words, shared=True):
        done = subprocess.run([HFAUTH, "doctor", "--facts", self.facts, *words], capture_output=True, timeout=60, check=False,
                              env=self.environment)
        self.assertEqual(done.returncode, 1, done.stderr)
        for text in (done.stdout, done.stderr):
            self.assertNotIn(TOKEN[5:20].encode(), text)
            self.assertNotIn(b"\x1b", text)
            if shared:
                self.assertNotIn(ACCOUNT.encode(), text)
                self.assertNotIn(b"****" + TAIL.encode(), text)
        return done.stdout.decode()

    def test_sarif_keeps_the_rules_of_its_schema(self):
        document = json.loads(self.run_doctor("--format", "sarif"))
        self.assertEqual(document["version"], "2.1.0")
        self.assertTrue(document["$schema"].endswith("sarif-schema-2.1.0.json"))
        (run,) = document["runs"]
        driver = run["tool"]["driver"]
        self.assertEqual(driver["name"], "hfauth")
        ids = [rule["id"] for rule in driver["rules"]]
        self.assertEqual(len(ids), len(set(ids)))
        for rule in driver["rules"]:
            self.assertTrue(rule["shortDescription"]["text"])
            self.assertRegex(rule["helpUri"], r"^https://[\w./-]+$")
            self.assertIn(rule["defaultConfiguration"]["level"], ("none", "note", "warning", "error"))
        self.assertEqual({result["ruleId"] for result in run["results"]}, {"HFA101", "HFA301"})
        for result in run["results"]:
            self.assertEqual(ids[result["ruleIndex"]], result["ruleId"])
            self.assertIn(result["level"], ("none", "note", "warning", "error"))
            self.assertTrue(result["message"]["text"])
            self.assertTrue(all(isinstance(value, str) for value in result["partialFingerprints"].values()))
            for location in result["locations"]:
                self.assertEqual(len(location.keys() & {"physicalLocation", "logicalLocations"}), 1)
                if "physicalLocation" in location:
                    self.assertRegex(location["physicalLocation"]["artifactLocation"]["uri"], r"^[A-Za-z0-9\-._~/%:]+$")
        (invocation,) = run["invocations"]
        self.assertRegex(invocation["startTimeUtc"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertIs(invocation["executionSuccessful"], True)
        self.assertEqual([note["descriptor"]["id"] for note in invocation["toolExecutionNotifications"]], ["probe-x"])

    def test_junit_is_xml_whose_counts_are_right(self):
        document = ElementTree.fromstring(self.run_doctor("--format", "junit"))
        (suite,) = document
        cases = suite.findall("testcase")
        self.assertEqual(int(suite.get("tests")), len(cases))
        self.assertEqual(int(suite.get("failures")), len(suite.findall("testcase/failure")))
        self.assertEqual(int(suite.get("skipped")), len(suite.findall("testcase/skipped")))
        self.assertGreaterEqual(len(cases), 20)
        self.assertEqual({case.get("name") for case in cases if case.find("failure") is not None},
                         {"HFA101 env-shadows-login", "HFA301 token-rejected"})
        self.assertIn("</script>", suite.find("testcase/failure").text)  # as text
        self.assertEqual({element.tag for element in document.iter()}, {"testsuites", "testsuite", "testcase", "failure", "skipped"})

    def test_github_lines_are_ours_alone(self):
        lines = self.run_doctor("--format", "github").splitlines()
        self.assertEqual([re.match(r"::(error|warning|notice) title=([\w-]+)", line)[2] for line in lines], ["HFA101", "probe-x"])
        self.assertTrue(lines[0].startswith("::error title=HFA101 env-shadows-login::"))
        self.assertIn("%250A", lines[0])  # the text's own "%0A"

    def test_a_finding_leads_to_its_file_and_line(self):
        facts = json.loads(pathlib.Path(self.facts).read_text())
        facts["working_directory"] = facts["home"]
        facts["setting_lines"] = [{"path": facts["home"] + "/sub/a, b.sh", "line": 3, "variable": "HF_TOKEN"}]
        path = os.path.join(self.home, "placed.json")
        pathlib.Path(path).write_text(json.dumps(facts))

        def doctor(form):
            return subprocess.run([HFAUTH, "doctor", "--facts", path, "--format", form], capture_output=True, timeout=60, check=False,
                                  env=self.environment).stdout.decode()

        (result,) = [one for one in json.loads(doctor("sarif"))["runs"][0]["results"] if one["ruleId"] == "HFA101"]
        self.assertEqual(result["locations"][0]["physicalLocation"],
                         {"artifactLocation": {"uri": "sub/a%2C%20b.sh", "uriBaseId": "SRCROOT"}, "region": {"startLine": 3}})
        self.assertTrue(doctor("github").startswith("::error file=sub/a%2C b.sh,line=3,title=HFA101 "))
        (case,) = [one for one in ElementTree.fromstring(doctor("junit")).iter("testcase") if one.get("name").startswith("HFA101")]
        self.assertEqual((case.get("file"), case.get("line")), ("~/sub/a, b.sh", "3"))

    def test_agents_get_rows_of_keys_and_values(self):
        rows = self.run_doctor("--format", "agent", shared=False).splitlines()
        self.assertRegex(rows[0], r'^verdict=blocked exit=1 roots=HFA101')
        value = r'([\w.,:/~*@+()-]+|"([^"\\]|\\.)*")'
        for row in rows:
            self.assertRegex(row, rf"^\w+={value}( \w+={value})*$")
        self.assertTrue(any(row.startswith("finding=HFA301 ") and "caused_by=HFA101" in row for row in rows))
        self.assertTrue(any(row.startswith('fix="unset HF_TOKEN" safety=manual') for row in rows))
        self.assertEqual([row for row in rows if "forged" in row and not row.startswith(("proof=", "not_known=", "fix="))], [])

    def test_markdown_gives_hostile_text_no_meaning(self):
        text = self.run_doctor("--format", "markdown")
        self.assertTrue(text.startswith("# hfauth doctor: blocked\n"))
        self.assertIn("### HFA101", text)
        prose = re.sub(r"(`+) .*? \1", "", text)
        self.assertNotRegex(prose, r"(?<!\\)[<@`]")
        self.assertNotIn("https://example.com", prose)
        self.assertNotRegex(prose, r"(?<!\\)\]\(")
        self.assertNotIn("\n::error", text)

    def test_the_page_is_whole_and_needs_nothing(self):
        path = os.path.join(self.home, "page.html")
        self.run_doctor("--html", path, shared=False)
        text = pathlib.Path(path).read_text()
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        page = PageReader()
        page.feed(text)
        page.close()
        self.assertEqual(page.open, [])
        self.assertFalse(page.elements & {"script", "link", "img", "iframe", "object", "base"})
        for name, value in page.attributes:
            self.assertFalse(name.startswith("on") or name in ("src", "srcset", "style"), name)
            if name == "href":
                self.assertRegex(value, "^https://huggingface.co/")
        self.assertNotRegex(re.search("<style>(.*)</style>", text, re.S)[1], "url\\(|@import")
        self.assertIn("default-src 'none'", text)
        self.assertIn("<script>alert('x')</script>]]>", page.text)
        self.assertNotIn(TOKEN[5:20], text)
        self.assertRegex(text, '(?s)class="label">Fix A.*class="label">Fix B')  # one of several, as in a terminal
        for picture in re.findall("<svg.*?</svg>", text, re.S):
            drawn = ElementTree.fromstring(picture)
            classes = [element.get("class") for element in drawn.iter("g")]
            self.assertEqual(classes.count("source used"), 1)
            self.assertEqual(classes.count("source shadowed"), 1)
            self.assertEqual(len(drawn.findall("path[@class='line used']")), 1)
            self.assertEqual(len(drawn.findall("path[@class='line shadowed']")), 1)

    def test_the_page_can_be_standard_output(self):
        self.assertTrue(self.run_doctor("--html", "-", shared=False).startswith("<!doctype html>"))

    def test_the_page_is_in_the_chosen_language(self):
        for language, title in (("ja", "保存済みログイン"), ("ko", "저장된 로그인"), ("zh", "已保存的登录")):
            text = self.run_doctor("--html", "-", "--lang", language, shared=False)
            self.assertIn(f'<html lang="{language}">', text)
            self.assertIn(title, text)

    def test_the_environment_chooses_the_language_of_a_healthy_machine_and_of_a_page(self):
        facts = pathlib.Path(self.home, "healthy.json")
        subprocess.run([HFAUTH, "doctor", "--offline", "-q", "--facts-out", facts], stdout=subprocess.DEVNULL, timeout=60,
                       env=self.environment, check=False)
        healthy = json.loads(pathlib.Path(facts_of(facts)).read_text())
        healthy.update(setting_lines=[], incomplete=[])
        facts.write_text(json.dumps(healthy))
        for words, text in ((["doctor", "--facts", facts], f"{ACCOUNT}（read）としてログイン中"),
                            (["explain", "HFA101"], "保存済みログインを隠しています")):
            done = subprocess.run([HFAUTH, *words], capture_output=True, timeout=60, check=False,
                                  env={**self.environment, "LANGUAGE": "ja"})
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(text, done.stdout.decode())

    def test_a_bundle_says_first_what_it_holds_and_replays(self):
        path = os.path.join(self.home, "bundle.tar")
        done = subprocess.run([HFAUTH, "doctor", "--facts", self.facts, "--bundle", path], capture_output=True, timeout=60,
                              env=self.environment, check=False)
        names = ["hfauth-doctor/" + name for name in ("report.md", "report.json", "facts.json", "versions.txt")]
        for name in names:
            self.assertIn(name, done.stderr.decode())
        raw = pathlib.Path(path).read_bytes()
        for secret in (TOKEN[5:20], "****" + TAIL, ACCOUNT, self.home):
            self.assertNotIn(secret.encode(), raw)
        with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
            self.assertEqual(archive.getnames(), names)
            self.assertTrue(all(member.isreg() and member.mode == 0o600 for member in archive))
            facts = os.path.join(self.home, "bundled.json")
            pathlib.Path(facts).write_bytes(archive.extractfile(names[2]).read())
        replay = subprocess.run([HFAUTH, "doctor", "-q", "--facts", facts], capture_output=True, timeout=60, check=False,
                                env=self.environment)
        self.assertEqual(replay.stdout.split(), [b"HFA101"])

    def test_other_commands_have_none_of_these_forms(self):
        done = subprocess.run([HFAUTH, "list", "--format", "sarif"], capture_output=True, env=self.environment, check=False)
        self.assertEqual((done.returncode, done.stderr.count(b"\n")), (2, 1))


if __name__ == "__main__":
    unittest.main()
