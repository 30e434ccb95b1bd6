# SPDX-License-Identifier: Apache-2.0
"""The page of `hfauth doctor --html` in a real browser: it is laid out, follows light and dark, prints, loads nothing.

Skips where there is no chromium (Debian's package). HFAUTH_KEEP=FOLDER keeps the screenshots, to be looked at.
Environment: HFAUTH_BIN, HFAUTH_SOURCE.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from browser import CHROMIUM, browse, pixels

HFAUTH = pathlib.Path(os.environ["HFAUTH_BIN"]) / "hfauth"
TOKEN = "hf_" + "UuVv" * 8 + "Uu"  # nobody's
LIGHT, DARK = (0xF6, 0xF7, 0xF9), (0x0F, 0x13, 0x18)  # --page of report_page.css


@unittest.skipUnless(CHROMIUM, "no chromium on this machine")
class ReportPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="hfauth-page-"))
        (cls.folder / "run").mkdir(mode=0o700)
        cache = cls.folder / ".cache/huggingface"
        cache.mkdir(parents=True)
        (cache / "token").write_text(TOKEN)
        cls.environment = {"HOME": str(cls.folder), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "SHELL": "/bin/bash",
                           "HFAUTH_STORE": "vault", "XDG_RUNTIME_DIR": str(cls.folder / "run")}
        for language in ("en", "ko"):
            subprocess.run([HFAUTH, "doctor", "--offline", "-q", "--lang", language, "--html", cls.folder / f"{language}.html"],
                           env={**cls.environment, "HF_TOKEN": f"'{TOKEN}'"}, stdout=subprocess.DEVNULL, timeout=60, check=False)

    @classmethod
    def tearDownClass(cls):
        subprocess.run([HFAUTH, "shutdown", "-q"], env=cls.environment, check=False)
        shutil.rmtree(cls.folder, ignore_errors=True)

    def browse(self, page, *options):
        return browse(self, self.folder, self.environment, page, *options)

    def shot(self, page, name, width, *options):
        path = self.folder / name
        self.browse(page, f"--window-size={width},1200", f"--screenshot={path}", *options)
        if keep := os.environ.get("HFAUTH_KEEP"):
            shutil.copy(path, keep)
        return pixels(path)

    def test_a_light_page_with_its_picture(self):
        width, height, rows = self.shot("en.html", "light.png", 1000)
        self.assertEqual((width, height), (1000, 1200))
        self.assertEqual(rows[0][0], LIGHT)
        self.assertGreater(sum(row.count((0x1A, 0x7F, 0x37)) for row in rows), 100)  # what wins: --good
        self.assertGreater(sum(row.count((0xC6, 0x22, 0x30)) for row in rows), 100)  # the verdict: --bad

    def test_a_dark_page_for_who_wants_it_dark(self):
        _, _, rows = self.shot("ko.html", "dark.png", 1000, "--blink-settings=preferredColorScheme=0")
        self.assertEqual(rows[0][0], DARK)

    def test_nothing_stands_out_of_a_narrow_page(self):
        _, _, rows = self.shot("en.html", "narrow.png", 500)
        self.assertTrue(all(row[-2] == LIGHT for row in rows))

    def test_it_prints(self):
        path = self.folder / "page.pdf"
        self.browse("en.html", f"--print-to-pdf={path}", "--no-pdf-header-footer")
        self.assertTrue(path.read_bytes().startswith(b"%PDF-"))

    def test_the_browser_reads_the_page_as_it_is_meant(self):
        document = self.browse("ko.html", "--dump-dom")
        self.assertIn('<html lang="ko">', document)
        self.assertIn("HFA203", document)
        self.assertIn("<svg", document)
        self.assertNotIn(TOKEN[5:20], document)


if __name__ == "__main__":
    result = unittest.main(exit=False).result
    if not CHROMIUM:
        print("skipped: no chromium on this machine")
        sys.exit(77)
    sys.exit(not result.wasSuccessful())
