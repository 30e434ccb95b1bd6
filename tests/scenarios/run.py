#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a file of scenarios: builds each state for real, lets hfauth diagnose it, and compares with what the file expects.

    run.py [FILE] [--only ID,...] [--verbose]

FILE (default: scenarios.json here) is JSON: {"legend": {letter: words}, "scenarios": [{id, title, state, hub, context,
expect_root, must_not, why}]}. One line a scenario, "ok" or "FAILED" with the reason; words that are not understood count as
failed. The last line is "N passed, N failed". HFAUTH_BIN names the folder of the programs; else build/release/bin.
Exit status: 0 if all passed, 1 if not, 2 for a file that cannot be read.
"""
import argparse
import base64
import json
import os
import pathlib
import sys
import tempfile

import context
import expectation
import hub_words
import stage
import state
import tokens
from machine import Machine
from words import NotUnderstood

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support/hub"))
import accounts  # noqa: E402
from client import RunningHub  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
FIELDS = ("id", "title", "state", "hub", "context", "expect_root", "must_not", "why")


class Runner:
    def __init__(self, document, programs):
        self._scenarios = document["scenarios"]
        self._programs = programs
        self._legend = tokens.read_legend(document.get("legend", {}), accounts.NAMES)
        self._hubs = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for hub in self._hubs.values():
            hub.stop()

    def _hub(self, machine):
        options = ("--https", "--certificate", machine.certificate) if machine.https else ()
        if options not in self._hubs:
            self._hubs[options] = RunningHub(*options)
        hub = self._hubs[options]
        hub.clear()
        return hub

    def _state_of(self, name):
        for one in self._scenarios:
            if one.get("id") == name:
                return one["state"]
        raise NotUnderstood("state", f"same as {name}, and there is no {name}")

    def read(self, scenario):
        """(Machine, Expectation). Raises NotUnderstood, KeyError for a missing field."""
        machine = Machine()
        texts = {letter: token.text for letter, token in self._legend.items()}
        state.Words(texts, self._state_of).read(scenario["state"], machine)
        hub_words.Words(set(self._legend)).read(scenario.get("hub", "-"), machine)
        context.read(scenario.get("context", "-"), machine)
        machine.stored = [(name, texts[token].encode() if isinstance(token, str) else token, extra)
                          for name, token, extra in machine.stored]
        if not machine.targets and machine.answers:
            first = machine.answers[0]
            machine.targets = [first.repo if first.kind == "model" else f"{first.kind}s/{first.repo}"]
        return machine, expectation.read(scenario)

    def run(self, scenario, verbose):
        """Every complaint about one scenario."""
        machine, told = self.read(scenario)
        scratch = tempfile.mkdtemp(prefix="hfs.")
        try:
            hub = self._hub(machine) if machine.reach in ("yes", "no") else None
            with stage.Stage(scratch, self._programs, hub) as place:
                if hub:
                    stage.settle_hub(hub, machine, self._legend)
                place.build(machine)
                place.log_in(machine)
                found = self._explain(machine, told, place, verbose) if machine.explained is not None \
                    else self._diagnose(machine, told, place, verbose)
                if hub and machine.reach == "no" and [one for one in hub.log() if one.get("path", "").startswith("/api")]:
                    found.append("the Hub was asked")
                return found
        finally:
            stage.remove(scratch)

    def _secrets(self):
        for token in self._legend.values():
            yield token.text
            yield base64.b64encode(f"__token__:{token.text}".encode()).decode()

    def _judged(self, told, code, out, err, n_lines):
        try:
            report = json.loads(out)
        except ValueError:
            return [f"no report, exit status {code}: {(err or out).strip()[:200]}"]
        found = expectation.complaints(told, report, code, n_lines)
        return found + [f"a secret is shown: {one[:6]}..." for one in self._secrets() if one in out or one in err]

    def _explain(self, machine, told, place, verbose):
        code, out, err = place.run("explain", "--json", "-", data=machine.explained)
        shown = place.run("explain", "-", data=machine.explained)
        if verbose:
            print(shown[1] + shown[2])
        told.exit_code = code  # explain has statuses of its own: something was recognised, or not
        leaks = [f"a secret is shown: {one[:6]}..." for one in self._secrets() if one in shown[1] + shown[2]]
        return self._judged(told, code, out, err, 0) + leaks

    @staticmethod
    def _arguments(machine, place):
        words = list(machine.options)
        if machine.write:
            words.append("--write")
        if machine.offline:
            words.append("--offline")
        for number, text in enumerate(machine.pasted):
            path = place.scratch / f"printed-{number}.txt"
            path.write_text(text)
            words += ["--log", str(path)]
        return words + machine.targets

    def _diagnose(self, machine, told, place, verbose):
        words = self._arguments(machine, place)
        if machine.facts:
            facts = str(place.scratch / "facts.json")
            place.run("doctor", "--facts-out", facts, *words)
            stage.facts_with(facts, machine.facts)
            words = ["--facts", facts]
        code, out, err = place.run("doctor", "--json", *words)
        shown = place.run("doctor", *words)
        if verbose:
            print(shown[1] + shown[2])
        return self._judged(told, code, out, err, len(shown[1].splitlines())) + self._judged_text(shown, code)

    def _judged_text(self, shown, code):
        found = [f"a secret is shown: {one[:6]}..." for one in self._secrets() if one in shown[1] + shown[2]]
        if shown[0] != code:
            found.append(f"exit status {shown[0]} as text and {code} as JSON")
        return found


def read_file(path):
    """The document. Raises ValueError, OSError."""
    document = json.loads(path.read_text())
    if not isinstance(document, dict) or not isinstance(document.get("scenarios"), list):
        raise ValueError("no list of scenarios in it")
    return document


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="./dev scenarios", description=__doc__.splitlines()[0],
                                     epilog=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=pathlib.Path, nargs="?", default=HERE / "scenarios.json")
    parser.add_argument("--only", default="", metavar="ID,...", help="run these alone")
    parser.add_argument("--verbose", action="store_true", help="show each report")
    options = parser.parse_args(arguments)
    programs = pathlib.Path(os.environ.get("HFAUTH_BIN") or HERE.parent.parent / "build/release/bin").resolve()
    try:
        document = read_file(options.file)
        runner = Runner(document, programs)
    except (OSError, ValueError) as fault:
        print(f"{options.file}: {fault}", file=sys.stderr)
        return 2
    wanted = set(filter(None, options.only.split(",")))
    passed = failed = 0
    with runner:
        for scenario in document["scenarios"]:
            name = str(scenario.get("id", "?")) if isinstance(scenario, dict) else "?"
            if wanted and name not in wanted:
                continue
            try:
                found = runner.run(scenario, options.verbose)
            except NotUnderstood as fault:
                found = [str(fault)]
            except Exception as fault:  # one that cannot be built must not end the others
                found = [f"the stage: {type(fault).__name__}: {fault}"]
            title = scenario.get("title", "") if isinstance(scenario, dict) else ""
            passed, failed = passed + (not found), failed + bool(found)
            print(f"{'FAILED' if found else 'ok    '} {name}  {title}" + (": " + "; ".join(found) if found else ""), flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
