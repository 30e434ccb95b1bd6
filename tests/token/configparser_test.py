#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
#
# Our reader of stored_tokens against Python's configparser, on texts put together at random from what matters to either.
# The seed is fixed: the same texts in every run.
"""Usage: configparser_test.py PROBE (tests/token/stored_tokens_probe.cpp)."""

import configparser
import io
import random
import subprocess
import sys

N_TEXTS = 20000
PIECES = ["[", "]", "[a]", "[b]", "[DEFAULT]", "\n[c]\n", "\n[d]\nhf_token = x", "=", ":", " ", "  ", "\t", "\n", "\n\n", "\n ",
          "\n  ", "\r", "\r\n", "#", ";", "key", "KEY", "\nkey = value", "\n k2: v", "v", "\x0b", "\x0c", "\x1c", "\u00a0",
          "\u3000", "\u2028", "\x85", "%", "\"", "\u00f6"]


def by_python(text):
    """None if configparser refuses the text, else {section: {key: value}} with the defaults in each."""
    parser = configparser.RawConfigParser()
    try:
        parser.read_file(io.StringIO(text, newline=None))
    except configparser.Error:
        return None
    found = {name: dict(parser.items(name)) for name in parser.sections()}
    found["DEFAULT"] = dict(parser.defaults())
    return found


def by_probe(line):
    if line == "error":
        return None
    found = {}
    key = None
    members = None
    for word in line.split():
        value = bytes.fromhex(word[1:]).decode()
        if word[0] == "[":
            members = found.setdefault(value, {})
        elif word[0] == "k":
            key = value
        else:
            members[key] = value
    defaults = found.setdefault("DEFAULT", {})
    return {name: {**defaults, **own} for name, own in found.items()}


def main():
    choose = random.Random(20261125)
    texts = ["".join(choose.choices(PIECES, k=choose.randrange(1, 25))) for _ in range(N_TEXTS)]
    texts = [("[s]\n" if choose.random() < 0.6 else "") + text for text in texts]
    fed = "".join(text.encode().hex() + "\n" for text in texts)
    answers = subprocess.run([sys.argv[1]], input=fed, capture_output=True, text=True, check=True, timeout=120).stdout
    accepted = 0
    for text, line in zip(texts, answers.split("\n"), strict=False):
        expected = by_python(text)
        accepted += expected is not None
        got = by_probe(line)
        assert got == expected, f"{text!r}: Python has {expected}, we {got}"
    assert N_TEXTS / 10 < accepted < N_TEXTS * 9 / 10, f"{accepted} texts accepted: the texts say little"
    print(f"{N_TEXTS} texts, {accepted} accepted by both")
    return 0


if __name__ == "__main__":
    sys.exit(main())
