#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures what no published table says of the reference: which Unicode data PyPI `tokenizers` was built with.

usage: measure_reference.py FOLDER      (with `tokenizers` 0.23 importable)

Writes into FOLDER, one gzipped JSON file each:
  scripts.json.gz            [[first, last, group]...]: the runs of code points that UnicodeScripts does not cut; group 0
                             is cut nowhere
  grapheme_<class>.json.gz   [[first, last]...]: what the grapheme clusters of the Precompiled normalizer are made of:
                             extend (joins what is before it), prepend (joins what is behind it), control (joins nothing),
                             pictographic (joins over U+200D), and of Indic conjuncts consonant, linker, conjunct_extend
  onig_<name>.json.gz        [[first, last]...]: classes of its Oniguruma, beside those that were measured before; those
                             named X_... are what \\X is made of there, of another version and without Indic conjuncts
Each is one question about every code point, put so that the answer shows in the output. The charsmap that Precompiled needs
for that is built here: one key or a few.
"""
import base64
import gzip
import json
import pathlib
import struct
import sys

from tokenizers import Regex, normalizers, pre_tokenizers

SCALARS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
PROPERTIES = {
    "Cc": r"\p{Cc}", "Cf": r"\p{Cf}", "Cn": r"\p{Cn}", "Co": r"\p{Co}", "Mc": r"\p{Mc}", "Me": r"\p{Me}", "Mn": r"\p{Mn}",
    "Nl": r"\p{Nl}", "No": r"\p{No}", "Pc": r"\p{Pc}", "Pd": r"\p{Pd}", "Pe": r"\p{Pe}", "Pf": r"\p{Pf}", "Pi": r"\p{Pi}",
    "Po": r"\p{Po}", "Ps": r"\p{Ps}", "Sc": r"\p{Sc}", "Sk": r"\p{Sk}", "Sm": r"\p{Sm}", "So": r"\p{So}", "Zl": r"\p{Zl}",
    "Zp": r"\p{Zp}", "Zs": r"\p{Zs}", "Alphabetic": r"\p{Alphabetic}", "Uppercase": r"\p{Uppercase}",
    "Lowercase": r"\p{Lowercase}", "Emoji": r"\p{Emoji}", "Hiragana": r"\p{Hiragana}", "Katakana": r"\p{Katakana}",
    "Hangul": r"\p{Hangul}", "Latin": r"\p{Latin}", "Greek": r"\p{Greek}", "Cyrillic": r"\p{Cyrillic}",
    "Arabic": r"\p{Arabic}", "Hebrew": r"\p{Hebrew}", "Thai": r"\p{Thai}", "Devanagari": r"\p{Devanagari}",
    "posix_alnum": "[[:alnum:]]", "posix_alpha": "[[:alpha:]]", "posix_cntrl": "[[:cntrl:]]", "posix_graph": "[[:graph:]]",
    "posix_lower": "[[:lower:]]", "posix_print": "[[:print:]]", "posix_punct": "[[:punct:]]", "posix_upper": "[[:upper:]]",
    "posix_blank": "[[:blank:]]",
}


def charsmap(entries):
    """A precompiled charsmap: a Darts double array over the UTF-8 of the keys, then the NUL-separated replacements."""
    values, strings = {}, b""
    trie = {}
    for key, replacement in entries.items():
        values[key] = len(strings)
        strings += replacement.encode() + b"\0"
        node = trie
        for byte in key.encode():
            node = node.setdefault(byte, {})
        node[None] = values[key]
    units = {}
    blocks = [0]

    def place(node, position, label):
        """Fills the unit at `position`, whose children start a block of their own."""
        blocks[0] += 1
        offset = (position >> 8) ^ blocks[0]
        base = position ^ (offset << 8)
        units[position] = label | (256 if None in node else 0) | (1 << 9) | (offset << 10)
        if None in node:
            units[base] = (1 << 31) | node[None]
        for byte, child in node.items():
            if byte is not None:
                place(child, base ^ byte, byte)

    place(trie, 0, 0)
    size = (max(units) | 255) + 1
    array = struct.pack(f"<{size}I", *(units.get(i, 0) for i in range(size)))
    return base64.b64encode(struct.pack("<I", len(array)) + array + strings).decode()


def precompiled(entries):
    return normalizers.Precompiled(base64.b64decode(charsmap(entries)))


def ask(normalizer, text_of):
    """The normalized form of text_of(c) for every scalar value c, as pairs; texts are kept apart by a line break."""
    for start in range(0, len(SCALARS), 4096):
        part = [c for c in SCALARS[start:start + 4096] if c not in (10, 13)]
        answers = normalizer.normalize_str("\n".join(text_of(chr(c)) for c in part)).split("\n")
        assert len(answers) == len(part)
        yield from zip(part, answers)


def ranges(code_points):
    out = []
    for c in code_points:
        if out and c == out[-1][1] + 1:
            out[-1][1] = c
        else:
            out.append([c, c])
    return out


def graphemes():
    plain = precompiled({"a": "X"})
    extend = [c for c, out in ask(plain, lambda c: "a" + c) if out == "X"]
    yield "extend", extend
    yield "prepend", [c for c, out in ask(plain, lambda c: c + "a\u0301") if out.endswith("\u0301") and c != 0x61]
    pictographic = precompiled({"\u00a9": "X"})
    joining = set(extend)  # these join what is before U+200D as well
    yield "pictographic", [c for c, out in ask(pictographic, lambda c: "\u00a9\u200d" + c)
                           if out.startswith("X\u200d") and c not in joining]
    indic = precompiled({"\u0958": "X"})
    joined = lambda question: [c for c, out in ask(indic, question) if out.endswith("X\u0301")]
    yield "consonant", joined(lambda c: c + "\u094d\u0958\u0301")
    yield "linker", joined(lambda c: "\u0915" + c + "\u0958\u0301")
    yield "conjunct_extend", joined(lambda c: "\u0915\u094d" + c + "\u0958\u0301")
    control = []
    for start in range(0, len(SCALARS), 2048):
        part = [c for c in SCALARS[start:start + 2048] if c not in (0, 10, 13, 0x301)]
        normalizer = precompiled({chr(c): "X" for c in part})
        answers = normalizer.normalize_str("\n".join(chr(c) + "\u0301" for c in part)).split("\n")
        control += [c for c, out in zip(part, answers) if out == "X\u0301" and len(chr(c).encode()) < 4]
    yield "control", control


def script_runs():
    cut = pre_tokenizers.UnicodeScripts()
    pieces = lambda text: [piece for piece, _ in cut.pre_tokenize_str(text)]
    together = lambda one, other: len(pieces(one + other)) == 1
    groups = []  # one member of each
    runs = []
    last_group = None
    for c in SCALARS:
        char = chr(c)
        if last_group and together(groups[last_group - 1], char) and together(char, groups[last_group - 1]):
            group = last_group
        elif not pieces(char):
            group = 0
        else:
            group = next((i + 1 for i, member in enumerate(groups) if together(member, char)), None)
            if group is None:
                groups.append(char)
                group = len(groups)
        if not pieces(char):
            group = 0
        if group:
            last_group = group
        if runs and runs[-1][2] == group and runs[-1][1] == c - 1:
            runs[-1][1] = c
        else:
            runs.append([c, c, group])
    return runs


def onig_class(pattern):
    cut = pre_tokenizers.Split(Regex(pattern), "removed", invert=True)
    return [ord(piece) for start in range(0, len(SCALARS), 65536)
            for piece, _ in cut.pre_tokenize_str("".join(map(chr, SCALARS[start:start + 65536])))]


def onig_clusters():
    cut = pre_tokenizers.Split(Regex(r"\X"), "isolated")

    def clusters(before, after):
        """The clusters of before + c + after that hold more than one character, for every c."""
        text = "".join("\n" + before + chr(c) + after for c in SCALARS)
        return [piece for piece, _ in cut.pre_tokenize_str(text) if len(piece) > 1 and piece != "\r\n"]

    extend = [ord(piece[-1]) for piece in clusters("a", "")]
    yield "X_extend", extend
    yield "X_prepend", [ord(piece[0]) for piece in clusters("", "a") if piece[-1] == "a"]
    yield "X_pictographic", sorted({ord(piece[2]) for piece in clusters("\u00a9\u200d", "") if len(piece) == 3} - set(extend))
    joining = {ord(piece[0]) for piece in clusters("", "\u0301")} | set(extend)
    yield "X_control", [c for c in SCALARS if c not in joining]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)

    def write(name, value):
        with gzip.open(folder / f"{name}.json.gz", "wt", encoding="ascii") as out:
            json.dump(value, out)
        print(name, len(value))

    for name, pattern in PROPERTIES.items():
        write("onig_" + name, ranges(onig_class(pattern)))
    for name, members in onig_clusters():
        write("onig_" + name, ranges(members))
    for name, members in graphemes():
        write("grapheme_" + name, ranges(members))
    write("scripts", script_runs())


main()
