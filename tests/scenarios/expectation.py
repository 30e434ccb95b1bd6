# SPDX-License-Identifier: Apache-2.0
"""What a scenario expects, and whether a report keeps it. Pure: a report's JSON in, complaints out.

expect_root  "HFA101", "HFA110(info)", "HFA307 or HFA408", "HFA101 then HFA402" (in this order), "healthy",
             "healthy (HFA808 info)", "unknown", "exit 3"
must_not     "HFA301", "HFA301 as root", "HFA803(error)", "HFA808 above info", "any error", "any warning", "healthy",
             "exit 1", "echo of the secret"
"""
import re
from dataclasses import dataclass, field

from words import NotUnderstood, split

SEVERITIES = ("ok", "skip", "info", "unknown", "warning", "error")
_FINDING = re.compile(r"(HFA\d{3})\s*(?:\(?\s*(error|warning|info|unknown)\s*\)?)?", re.IGNORECASE)
_STATES = ("healthy", "degraded", "blocked", "unknown")


@dataclass
class Root:
    """One of the alternatives must be a root; with a severity if it is named."""
    alternatives: list  # of (id, severity or None)


@dataclass
class Expectation:
    roots: list = field(default_factory=list)
    state: str = ""
    present: list = field(default_factory=list)  # (id, severity): found, as a root or not
    exit_code: int = None
    forbidden: list = field(default_factory=list)  # functions: (report, exit code) -> complaint or ""
    no_echo: bool = False


def _findings(report, name=None):
    return [one for one in report["findings"] if name in (None, one["id"])]


def _read_root(words):
    alternatives = []
    for word in re.split(r"\s+or\s+", words):
        match = _FINDING.fullmatch(word.strip())
        if not match:
            raise NotUnderstood("expect_root", words)
        alternatives.append((match[1].upper(), match[2] and match[2].lower()))
    return Root(alternatives)


def read_expect_root(text, into):
    for words in split(text, [";", ",", " then ", " and ", " + "]):
        if match := re.fullmatch(r"(\w+)(?:\s*\((.*)\))?", words):
            if match[1].lower() in _STATES:
                into.state = match[1].lower()
                for inner in split(match[2] or "", [","]):
                    into.present.append(_read_root(inner).alternatives[0])
                continue
        if match := re.fullmatch(r"exit (\d+)", words):
            into.exit_code = int(match[1])
            continue
        into.roots.append(_read_root(words))


def _forbid(words):
    """A function of a report that complains where `words` come true."""
    if match := re.fullmatch(r"any (error|warning|info)s?", words):
        return lambda report, _: next((f"{one['id']} is an {match[1]}" for one in _findings(report)
                                       if one["severity"] == match[1]), "")
    if words in _STATES:
        return lambda report, _: f"the verdict is {words}" if report["verdict"]["state"] == words else ""
    if match := re.fullmatch(r"exit (\d+)", words):
        return lambda _, code: f"exit status {code}" if code == int(match[1]) else ""
    if match := re.fullmatch(r"(HFA\d{3}) as (?:a )?root", words):
        return lambda report, _: next((f"{match[1]} is a root" for one in _findings(report, match[1]) if one["is_root"]), "")
    if match := re.fullmatch(r"(HFA\d{3}) above (\w+)", words):
        if match[2] not in SEVERITIES:
            raise NotUnderstood("must_not", words)
        limit = SEVERITIES.index(match[2])
        return lambda report, _: next((f"{match[1]} is {one['severity']}" for one in _findings(report, match[1])
                                       if SEVERITIES.index(one["severity"]) > limit), "")
    if match := _FINDING.fullmatch(words):
        name, severity = match[1].upper(), match[2] and match[2].lower()
        return lambda report, _: next((f"{name} was found ({one['severity']})" for one in _findings(report, name)
                                       if severity in (None, one["severity"])), "")
    raise NotUnderstood("must_not", words)


def read(scenario):
    """The Expectation of a scenario's fields. Raises NotUnderstood."""
    told = Expectation()
    read_expect_root(scenario["expect_root"], told)
    for words in split(scenario.get("must_not", ""), [",", ";"]):
        if words == "-":
            continue
        if re.search(r"\b(echo|print|show)\w*\b.*\b(secret|token)s?\b", words):
            told.no_echo = True
        else:
            told.forbidden.append(_forbid(words))
    if match := re.search(r"\bexit (?:code )?(\d+)", scenario.get("why", "")):
        told.exit_code = int(match[1])
    if match := re.search(r"<= (\d+) lines", scenario.get("why", "")):
        told.present.append(("lines", int(match[1])))
    return told


def _right_exit(report):
    """What the exit status must be, judged by the findings (docs/exit-codes.md)."""
    roots = [one["severity"] for one in report["findings"] if one["is_root"]]
    if "error" in roots:
        return 1
    return 3 if "unknown" in roots or report.get("incomplete") else 0


def _is_met(root, report, behind):
    """Position of a root that keeps `root` behind position `behind`; None if there is none."""
    order = [one["id"] for one in report["findings"] if one["is_root"]]
    for name, severity in root.alternatives:
        found = [one for one in _findings(report, name) if one["is_root"] and severity in (None, one["severity"])]
        if found and name in order and order.index(name) > behind:
            return order.index(name)
    return None


def complaints(told, report, exit_code, n_lines):
    """Every way in which the report is not as told."""
    found, behind = [], -1
    roots = " ".join(f"{one['id']}/{one['severity']}" for one in report["findings"] if one["is_root"]) or "none"
    for root in told.roots:
        place = _is_met(root, report, behind)
        if place is None:
            wanted = " or ".join(name + (f"({severity})" if severity else "") for name, severity in root.alternatives)
            found.append(f"expected root {wanted}, roots are {roots}")
        else:
            behind = place
    if told.state and report["verdict"]["state"] != told.state:
        found.append(f"the verdict is {report['verdict']['state']}, not {told.state}; roots are {roots}")
    for name, limit in told.present:
        if name == "lines":
            if n_lines > limit:
                found.append(f"{n_lines} lines, not {limit} at most")
        elif not any(limit in (None, one["severity"]) for one in _findings(report, name)):
            found.append(f"{name} ({limit}) is not among the findings")
    found += [f"must not: {complaint}" for rule in told.forbidden if (complaint := rule(report, exit_code))]
    wanted = told.exit_code if told.exit_code is not None else _right_exit(report)
    if exit_code != wanted:
        found.append(f"exit status {exit_code}, not {wanted}")
    return found
