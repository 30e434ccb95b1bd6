# SPDX-License-Identifier: Apache-2.0
"""A page in a real browser, for the tests of pages: what it looks like, what it is, and that it asks for nothing."""
import pathlib
import shutil
import struct
import subprocess
import zlib

__all__ = ["CHROMIUM", "browse", "pixels"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DEADLINE_S = 60


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


def browse(test, folder, environment, page, *options):
    """What Chromium prints for a page of `folder`. Without a sandbox, because tests run in containers as root; without a
    way to any network."""
    done = subprocess.run([CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                           "--disable-dev-shm-usage", "--no-first-run", "--enable-logging=stderr", "--log-level=0",
                           "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder / 'profile'}",
                           *options, (folder / page).as_uri()],
                          env=environment, capture_output=True, timeout=DEADLINE_S, check=False)
    test.assertEqual(done.returncode, 0, done.stderr.decode()[-2000:])
    console = [line for line in done.stderr.decode(errors="replace").splitlines() if ":CONSOLE" in line]
    test.assertEqual(console, [])  # a blocked resource or a broken element would be told here
    return done.stdout.decode()
