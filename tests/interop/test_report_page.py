# SPDX-License-Identifier: Apache-2.0
"""The page of `hfauth doctor --html` in a real browser: it is laid out, follows light and dark, prints, loads nothing.

Skips where there is no chromium (Debian's package). HFAUTH_KEEP=FOLDER keeps the screenshots, to be looked at.
Environment: HFAUTH_BIN, HFAUTH_SOURCE.
"""
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

HFAUTH = pathlib.Path(os.environ["HFAUTH_BIN"]) / "hfauth"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
TOKEN = "hf_" + "UuVv" * 8 + "Uu"  # nobody's
DEADLINE_S = 60
LIGHT, DARK = (0xF6, 0xF7, 0xF9), (0x0F, 0x13, 0x18)  # --page of report_page.css


def pixels(path):
    """Width, height and rows of (r, g, b) of a PNG as Chromium writes it: 8 bits, RGB or RGBA, not interlaced."""
    data = pathlib.Path(path).read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, packed, header = 8, b"", None
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        if kind == b"IHDR":
            header = struct.unpack(">IIBBBBB", data[at + 8:at + 21])
        elif kind == b"IDAT":
            packed += data[at + 8:at + 8 + size]
        at += size + 12
    width, height, depth, colour, _, _, interlace = header
    assert (depth, interlace) == (8, 0) and colour in (2, 6), header
    step = 3 if colour == 2 else 4
    raw, stride, rows, above = zlib.decompress(packed), width * step, [], bytearray(width * step)
    for y in range(height):
        kind, line = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for i in range(stride):
            left, up, corner = (line[i - step] if i >= step else 0), above[i], (above[i - step] if i >= step else 0)
            if kind == 1:
                line[i] = (line[i] + left) & 255
            elif kind == 2:
                line[i] = (line[i] + up) & 255
            elif kind == 3:
                line[i] = (line[i] + (left + up) // 2) & 255
            elif kind == 4:
                guess = left + up - corner
                nearest = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))
                line[i] = (line[i] + nearest[2]) & 255
        rows.append([tuple(line[i:i + 3]) for i in range(0, stride, step)])
        above = line
    return width, height, rows


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
        """Without a sandbox, because tests run in containers as root; without a way to any network."""
        done = subprocess.run([CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                               "--disable-dev-shm-usage", "--no-first-run", "--enable-logging=stderr", "--log-level=0",
                               "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={self.folder / 'profile'}",
                               *options, (self.folder / page).as_uri()],
                              env=self.environment, capture_output=True, timeout=DEADLINE_S, check=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode()[-2000:])
        console = [line for line in done.stderr.decode(errors="replace").splitlines() if ":CONSOLE" in line]
        self.assertEqual(console, [])  # a blocked resource or a broken element would be told here
        return done.stdout.decode()

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
