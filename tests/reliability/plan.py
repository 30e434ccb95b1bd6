#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
#
# The reliability plan of the agent in one go: real programs, real faults, a table of test, target and what was measured.
# Called by ./dev reliability. Each test is a module rNN_<subject>.py with ID, TITLE and run(context).
#   plan.py [--quick | --long] [--write-document] [ID...]
# --quick: every test, few rounds, in minutes, times not judged: proves that they work. --long: the soak for eight hours.
# --write-document: the table also goes into docs/reliability.md, with this machine and the date.
"""Needs HFAUTH_BIN (release programs), HFAUTH_BUILD (its build folder), HFAUTH_SOURCE, and for R4 HFAUTH_ASAN_BIN."""

import argparse
import importlib
import os
import re
import sys
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import document  # noqa: E402
from context import Context  # noqa: E402


def modules():
    names = sorted(name[:-3] for name in os.listdir(HERE) if re.fullmatch(r"r\d\d_\w+\.py", name))
    return [importlib.import_module(name) for name in names]


def arguments():
    parser = argparse.ArgumentParser(prog="./dev reliability", description="The reliability plan of the agent.")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--quick", action="store_const", dest="form", const="quick", help="few rounds of everything")
    form.add_argument("--long", action="store_const", dest="form", const="long", help="the soak for eight hours")
    parser.add_argument("--write-document", action="store_true", help="put the table into docs/reliability.md")
    parser.add_argument("--needs", action="store_true", help=argparse.SUPPRESS)  # for ./dev: what has to be built beside the programs
    parser.add_argument("ids", nargs="*", metavar="ID", help="R1, R2, ...: these alone")
    parser.set_defaults(form="full")
    return parser.parse_args()


def run_one(module, context):
    """Its rows. A test that breaks off is a target that was missed."""
    began = time.monotonic()
    print(f"{module.ID}: {module.TITLE} ...", file=sys.stderr, flush=True)
    context.begin(module.ID)
    try:
        module.run(context)
    except Exception as failure:  # noqa: BLE001  whatever it is, the other tests go on and the plan fails
        traceback.print_exc()
        context.row(module.TITLE, "runs to its end", f"broke off: {failure}".splitlines()[0], False)
    finally:
        context.end()
    rows = [row for row in context.rows if row.id == module.ID]
    for row in rows:
        print("   ", "ok    " if row.ok else "MISSED", row.test, "|", row.target, "|", row.measured, file=sys.stderr)
    print(f"{module.ID}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


def table(rows):
    cells = [("id", "test", "target", "measured", "")] + [
        (row.id, row.test, row.target, row.measured, "" if row.ok else "MISSED") for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(5)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in cells)


def main():
    options = arguments()
    wanted = {name.upper() for name in options.ids}
    known = modules()
    unknown = wanted - {module.ID for module in known}
    if unknown:
        print("no such test:", ", ".join(sorted(unknown)) + "; there are", ", ".join(module.ID for module in known), file=sys.stderr)
        return 2
    chosen = [module for module in known if not wanted or module.ID in wanted]
    if options.needs:
        print("asan" if any(getattr(module, "NEEDS_ASAN", False) for module in chosen) else "")
        return 0
    context = Context(options.form)
    for module in chosen:
        run_one(module, context)
    print(table(context.rows))
    if options.write_document:
        document.write(context.rows, options.form)
    missed = [row for row in context.rows if not row.ok]
    if missed:
        print(f"{len(missed)} of {len(context.rows)} targets missed", file=sys.stderr)
    return 1 if missed or not context.rows else 0


if __name__ == "__main__":
    sys.exit(main())
