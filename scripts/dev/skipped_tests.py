#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# Prints the tests that ctest skipped and the reason that each gave ("skipped: ..." in its output), from ctest's JUnit
# file. Prints nothing when none was skipped. Used by ./dev test.

import sys
import xml.etree.ElementTree as ElementTree


def reason_of(output: str) -> str:
    for line in output.splitlines():
        if line.startswith("skipped: "):
            return line.removeprefix("skipped: ")
    last = [line for line in output.splitlines() if line.strip()]
    return last[-1] if last else "no reason given"


def main() -> int:
    cases = ElementTree.parse(sys.argv[1]).getroot().iter("testcase")
    for case in cases:
        if case.get("status") == "notrun":
            print(f"skipped {case.get('name')}: {reason_of(case.findtext('system-out') or '')}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
