# SPDX-License-Identifier: Apache-2.0
"""The small language of a scenario file's fields: clauses, values, tokens. Pure text; no machine is touched.

A field is a row of clauses between ";". A value may stand in double quotes, with \\n, \\r, \\t, \\\\, \\", \\xNN and \\uNNNN;
pairs of hexadecimal digits in front of a token are bytes. {{A}} is the token of the legend's letter A. What is not
understood is a NotUnderstood that names the words: a scenario is never half built.
"""
import re

TOKEN = re.compile(r"\{\{(\w+)\}\}")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|(.))", re.DOTALL)
_HEX_RUN = re.compile(r"^((?:[0-9A-F]{2} )+)(?=\{\{|$)")


class NotUnderstood(ValueError):
    """A clause, or a word of one, that has no meaning here."""

    def __init__(self, field, words):
        super().__init__(f"{field}: not understood: {words}")


def split(text, separators):
    """Parts between any of the `separators`, outside of quotes and brackets, stripped; empty ones left out."""
    parts, part, quoted, depth, at = [], "", False, 0, 0
    while at < len(text):
        character = text[at]
        if character == "\\" and at + 1 < len(text):
            part += text[at:at + 2]
            at += 2
            continue
        if character == '"':
            quoted = not quoted
        elif not quoted and character in "([":
            depth += 1
        elif not quoted and character in ")]":
            depth = max(depth - 1, 0)
        if not quoted and depth == 0:
            separator = next((one for one in separators if text.startswith(one, at)), None)
            if separator:
                parts.append(part)
                part, at = "", at + len(separator)
                continue
        part += character
        at += 1
    return [one.strip() for one in (*parts, part) if one.strip()]


def clauses(text):
    """The statements of a field; "-" and "none" say that there is nothing."""
    return [one for one in split(text or "", [";"]) if one not in ("-", "none")]


def without_note(text):
    """(text without a last remark in brackets, the remark)."""
    match = re.fullmatch(r"(.*?)\s*\(([^()]*)\)", text.strip(), re.DOTALL)
    return (match[1], match[2]) if match else (text.strip(), "")


def unescaped(text):
    """Backslash escapes as characters."""
    def character(match):
        if match[1] or match[2]:
            return chr(int(match[1] or match[2], 16))
        return _ESCAPES.get(match[3], match[3])
    return _ESCAPE.sub(character, text)


def value_of(text, tokens, field="state"):
    """A value's bytes: quotes around it taken off, escapes and tokens put in. `tokens`: letter -> text."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    leading = b""
    if run := _HEX_RUN.match(text):
        leading, text = bytes.fromhex(run[1].strip()), text[run.end():]

    def token(match):
        if match[1] not in tokens:
            raise NotUnderstood(field, match[0])
        return tokens[match[1]]
    return leading + TOKEN.sub(token, unescaped(text)).encode("utf-8", "surrogateescape")


class Patterns:
    """A list of (pattern, handler): the first that matches a whole clause is taken. Case of the text is ignored."""

    def __init__(self, field):
        self.field = field
        self._rows = []

    def on(self, pattern):
        def remember(handler):
            self._rows.append((re.compile(pattern, re.IGNORECASE | re.DOTALL), handler))
            return handler
        return remember

    def _apply(self, clause, target):
        for pattern, handler in self._rows:
            match = pattern.fullmatch(clause)
            if match and handler(target, *match.groups()) is not False:
                return True
        return False

    def read(self, text, target):
        """Every clause of `text`; a clause that means nothing as a whole may be several, with commas."""
        for clause in clauses(text):
            target.repository = ""  # that this clause speaks of
            if self._apply(clause, target):
                continue
            for part in split(clause, [", ", " + ", " and "]):
                if not self._apply(part, target):
                    raise NotUnderstood(self.field, part)
