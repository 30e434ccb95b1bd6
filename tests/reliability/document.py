# SPDX-License-Identifier: Apache-2.0
#
# Puts the plan's table into docs/reliability.md, between the two marks that stand there, with the machine and the date.
# Rows of tests that were not run now stay as they were.
"""Used by plan.py --write-document."""

import datetime
import os
import platform
import re

from context import SOURCE

PATH = os.path.join(SOURCE, "docs", "reliability.md")
BEGIN, END = "<!-- table -->\n", "<!-- end of table -->\n"


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        model = next((line.split(":", 1)[1].strip() for line in info if line.startswith("model name")), platform.machine())
    system = platform.freedesktop_os_release().get("PRETTY_NAME", "Linux")
    return f"{model}, {len(os.sched_getaffinity(0))} cores, {system}, kernel {platform.release()}"


def number(name):
    return int(name[1:])


def write(rows, form):
    with open(PATH, encoding="utf-8") as file:
        text = file.read()
    before, rest = text.split(BEGIN)
    old, after = rest.split(END)
    new = {row.id for row in rows}
    kept = [(match.group(1), line) for line in old.splitlines()
            if (match := re.match(r"\| (R\d+) \|", line)) and match.group(1) not in new]
    made = [(row.id, f"| {row.id} | {row.test} | {row.target} | {row.measured}{'' if row.ok else ' — **missed**'} |") for row in rows]
    body = [line for _, line in sorted(kept + made, key=lambda item: number(item[0]))]
    today = datetime.datetime.now(datetime.timezone.utc).date()
    head = f"Measured on {today}, {form} form: {machine()}.\n\n| id | test | target | measured |\n| --- | --- | --- | --- |\n"
    with open(PATH, "w", encoding="utf-8") as file:
        file.write(before + BEGIN + head + "\n".join(body) + "\n" + END + after)
