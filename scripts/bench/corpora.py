#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes texts to measure tokenizers on, from files in Debian packages: english, korean, chinese and code.

    corpora.py FOLDER MEGABYTES [NAME...]     FOLDER/NAME-MEGABYTES.txt; prints their paths

The packages are fetched with `apt-get download` into FOLDER/packages and only read, not installed. Documents are taken
without markup, each once, in an order that a fixed seed gives; if a language has less than is asked for, it comes again
in another order, and the script says how much of it was different. A corpus that is there already is kept.
"""
import gettext
import hashlib
import html
import io
import pathlib
import random
import re
import subprocess
import sys
import tarfile
import zipfile

PACKAGES = {
    "english": ["perl-doc", "postgresql-doc-15", "python3.11-doc", "debian-policy", "git-doc", "linux-doc-6.1"],
    "korean": ["libreoffice-help-ko", "libreoffice-l10n-ko", "gimp-help-ko", "thunderbird-l10n-ko", "firefox-esr-l10n-ko", "debian-faq-ko"],
    "chinese": ["libreoffice-help-zh-cn", "libreoffice-help-zh-tw", "libreoffice-l10n-zh-cn", "manpages-zh", "debian-reference-zh-cn",
                "kicad-doc-zh"],
    "code": ["libpython3.11-stdlib", "libboost1.81-dev", "libstdc++-12-dev", "perl-modules-5.36", "linux-libc-dev"],
}
PROSE = (".html", ".htm", ".xhtml", ".pod", ".rst", ".txt", ".md", ".mo", ".properties", ".ftl", ".dtd", ".dic")
CODE = (".py", ".h", ".hpp", ".c", ".cc", ".ipp", ".pm", ".pl")
LETTERS = {"korean": re.compile("[\uAC00-\uD7A3]"), "chinese": re.compile("[\u4E00-\u9FFF]")}
DROPPED = re.compile(rb"(?is)<(script|style|head)\b.*?</\1>|<[^>]*>")


def download(package, folder):
    found = sorted(folder.glob(f"{package}_*.deb"))
    if not found:
        done = subprocess.run(["apt-get", "download", "-q", package], cwd=folder, capture_output=True, text=True)
        if done.returncode != 0:
            print(f"corpora: {package}: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
            return None
        found = sorted(folder.glob(f"{package}_*.deb"))
    return found[-1]


def catalogue(data):
    try:
        messages = gettext.GNUTranslations(io.BytesIO(data))._catalog
    except (OSError, ValueError, UnicodeError, IndexError):
        return ""
    return "\n".join(text for text in messages.values() if isinstance(text, str))


def text_of(name, data):
    if name.endswith(".mo"):
        return catalogue(data)
    if name.endswith((".html", ".htm", ".xhtml")):
        data = html.unescape(DROPPED.sub(b"", data).decode("utf-8", "replace")).encode()
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return ""
    return re.sub(r"[ \t]+\n", "\n", re.sub(r"\n{3,}", "\n\n", text))


def files_of(package, wanted):
    """Name and content of the files that count, those inside of archives (xpi, jar, gz) too."""
    tar = subprocess.run(["dpkg-deb", "--fsys-tarfile", package], capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        for member in archive:
            if not member.isfile():
                continue
            name = member.name.lower()
            if name.endswith(".gz"):
                name, data = name[:-3], subprocess.run(["gzip", "-dc"], input=archive.extractfile(member).read(), capture_output=True,
                                                       check=False).stdout
            elif name.endswith((".xpi", ".jar")):
                with zipfile.ZipFile(io.BytesIO(archive.extractfile(member).read())) as inner:
                    yield from ((n.lower(), inner.read(n)) for n in inner.namelist() if n.lower().endswith(wanted))
                continue
            elif name.endswith(wanted) or "/man/" in name:
                data = archive.extractfile(member).read()
            else:
                continue
            if name.endswith(wanted) or "/man/" in name:
                yield name, data


def documents(corpus, folder, n_bytes):
    letters, seen, total = LETTERS.get(corpus), set(), 0
    found = []
    for package in PACKAGES[corpus]:
        path = download(package, folder)
        if path is None:
            continue
        for name, data in files_of(path, CODE if corpus == "code" else PROSE):
            text = text_of(name, data)
            digest = hashlib.sha256(text.encode()).digest()
            if len(text) < 200 or digest in seen or (letters and len(letters.findall(text)) * 10 < len(text)):
                continue
            seen.add(digest)
            found.append(text)
            total += len(text.encode())
        if total >= 2 * n_bytes:
            break
    return found, total


def make(corpus, folder, megabytes):
    path = folder / f"{corpus}-{megabytes}.txt"
    if path.exists():
        return path
    n_bytes = megabytes * 1_000_000
    packages = folder / "packages"
    packages.mkdir(parents=True, exist_ok=True)
    texts, total = documents(corpus, packages, n_bytes)
    if not texts:
        return None
    if total < n_bytes:
        print(f"corpora: {corpus}: {total / 1e6:.1f} MB are different, the rest is the same in another order", file=sys.stderr)
    draw, written = random.Random(1), 0
    partial = path.with_suffix(".part")
    with partial.open("wb") as out:
        while written < n_bytes:
            draw.shuffle(texts)
            for text in texts:
                written += out.write(text.encode() + b"\n")
                if written >= n_bytes:
                    break
    partial.rename(path)
    return path


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    folder, megabytes = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for corpus in sys.argv[3:] or PACKAGES:
        path = make(corpus, folder, megabytes)
        print(path or f"{corpus}: no package to be had")


if __name__ == "__main__":
    main()
