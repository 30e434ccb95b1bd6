# SPDX-License-Identifier: Apache-2.0
#
# What the lint rules look at: the text files of a checkout, by path. The rules are pure functions of such a tree, so
# their tests build one from a dict and need neither git nor a disk.

import dataclasses
import pathlib
import subprocess


@dataclasses.dataclass(frozen=True)
class Finding:
    path: str
    line: int  # 1-based; 0 means the whole file
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message} [{self.rule}]"


def read_checkout(root: pathlib.Path) -> dict[str, str]:
    """Every file that git tracks or would track, by its path with slashes; files that are not UTF-8 text are left out."""
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root, check=True, stdout=subprocess.PIPE).stdout
    tree = {}
    for name in sorted({name.decode() for name in listing.split(b"\0") if name}):
        path = root / name
        if not path.is_file():
            continue
        data = path.read_bytes()
        if b"\0" in data[:4096]:
            continue
        try:
            tree[name] = data.decode("utf-8")
        except UnicodeDecodeError:
            continue
    return tree


def is_allowed(line: str, rule: str) -> bool:
    """True if the line carries `lint:allow(rule) reason`; an exception without a reason is none."""
    _, marker, reason = line.partition(f"lint:allow({rule})")
    return bool(marker) and len(reason.split()) >= 2


def without_comment(line: str) -> str:
    """The line up to a // comment: good enough for rules about names; text in string literals stays."""
    return line.split("//", 1)[0]
