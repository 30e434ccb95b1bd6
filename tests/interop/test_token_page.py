# SPDX-License-Identifier: Apache-2.0
"""The page of `hfauth tokenize --html` in a real browser: tokens alternate, follow light and dark, load nothing.

Skips where there is no chromium. HFAUTH_KEEP=FOLDER keeps the screenshots. Environment: HFAUTH_BIN, HFAUTH_SOURCE.
"""
import lzma
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from browser import CHROMIUM, browse, pixels

HFAUTH = pathlib.Path(os.environ["HFAUTH_BIN"]) / "hfauth"
ASSET = pathlib.Path(os.environ["HFAUTH_SOURCE"]) / "tests/support/hub/assets/phi-4/tokenizer.json.xz"
TEXT = "I am studying tokenization.\n한국어 <script>alert(1)</script> 🙂 & <|im_end|>"
LIGHT, DARK = (0xF6, 0xF7, 0xF9), (0x0F, 0x13, 0x18)


@unittest.skipUnless(CHROMIUM, "no chromium on this machine")
class TokenPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="hfauth-tokens-"))
        cls.environment = {"HOME": str(cls.folder), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
        (cls.folder / "tokenizer.json").write_bytes(lzma.decompress(ASSET.read_bytes()))
        subprocess.run([HFAUTH, "tokenize", "--tokenizer", cls.folder / "tokenizer.json", "--html", cls.folder / "page.html", TEXT],
                       env=cls.environment, timeout=60, check=True)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder, ignore_errors=True)

    def shot(self, name, *options):
        path = self.folder / name
        browse(self, self.folder, self.environment, "page.html", "--window-size=900,700", f"--screenshot={path}", *options)
        if keep := os.environ.get("HFAUTH_KEEP"):
            shutil.copy(path, keep)
        return pixels(path)[2]

    def test_tokens_alternate_on_a_light_page(self):
        rows = self.shot("tokens-light.png")
        self.assertEqual(rows[0][0], LIGHT)
        for colour in ((0xCF, 0xE8, 0xFF), (0xFF, 0xE2, 0xB8), (0xD9, 0xCC, 0xF5)):  # one, the other, marks
            self.assertGreater(sum(row.count(colour) for row in rows), 100, colour)

    def test_a_dark_page_for_who_wants_it_dark(self):
        self.assertEqual(self.shot("tokens-dark.png", "--blink-settings=preferredColorScheme=0")[0][0], DARK)

    def test_the_text_is_no_markup(self):
        document = browse(self, self.folder, self.environment, "page.html", "--dump-dom")
        self.assertNotIn("<script>", document)
        self.assertIn("studying</span>", document)
        self.assertIn(">한<", document)


if __name__ == "__main__":
    result = unittest.main(exit=False).result
    if not CHROMIUM:
        print("skipped: no chromium on this machine")
        sys.exit(77)
    sys.exit(not result.wasSuccessful())
