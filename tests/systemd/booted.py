#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
#
# Runs booted_cases.py in namespaces and cgroups of its own and clears everything away, however that ends. Where this
# machine does not allow it (no root, a container without the right to mount), the test is skipped with the reason, also
# with HFAUTH_REQUIRE_ALL=1: no package could change it.
"""Run by ctest with HFAUTH_BUILD set to the build folder, whose `cmake --install` is tried."""

import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def skip(reason, optional=True):
    print(f"skipped: {reason}")
    sys.exit(1 if not optional and os.environ.get("HFAUTH_REQUIRE_ALL") == "1" else 77)


def own_groups():
    """The folders of our cgroups that systemd uses: v2, and on an older machine its named v1 hierarchy."""
    paths = {}
    with open("/proc/self/cgroup", encoding="utf-8") as groups:
        for line in groups:
            _, hierarchy, path = line.rstrip("\n").split(":", 2)
            paths[hierarchy] = path
    folders = []
    with open("/proc/self/mountinfo", encoding="utf-8") as mounts:
        for line in mounts:
            before, after = line.rstrip("\n").split(" - ", 1)
            root, place = before.split(" ")[3:5]
            kind, _, options = after.split(" ", 2)
            hierarchy = {"cgroup2": "", "cgroup": "name=systemd"}.get(kind)
            if hierarchy in paths and (kind == "cgroup2" or hierarchy in options.split(",")):
                below = os.path.relpath(paths[hierarchy], root)
                folders.append(place if below.startswith("..") else os.path.normpath(os.path.join(place, below)))
    return folders


class Groups:
    """A cgroup for this run in each hierarchy: what systemd-nspawn makes goes below, apart from another run's."""

    def __init__(self):
        self.folders = [os.path.join(folder, f"hfauth-test-{os.getpid()}") for folder in own_groups()]
        if not self.folders:
            skip("no cgroups of systemd's kind are mounted here")
        try:
            for folder in self.folders:
                os.mkdir(folder)
        except OSError as refused:
            self.clear()
            skip(f"cgroups cannot be made here: {refused}")

    def enter(self):
        for folder in self.folders:
            with open(os.path.join(folder, "cgroup.procs"), "w", encoding="utf-8") as members:
                members.write("0")

    def clear(self):
        for folder in self.folders:
            for below, _, _ in os.walk(folder, topdown=False):
                os.rmdir(below)


def main():
    if os.geteuid() != 0:
        skip("only root can boot a container")
    for program, package in (("systemd-nspawn", "systemd-container"), ("unshare", "util-linux"),
                             ("setpriv", "util-linux"), ("loginctl", "systemd"), ("dbus-daemon", "dbus")):
        if shutil.which(program) is None:
            skip(f"{program} is not installed (Debian package {package})", optional=False)
    apart = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    tried = subprocess.run([*apart, "true"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        skip(f"namespaces are refused here: {tried.stderr.strip()}")

    scratch = tempfile.mkdtemp(prefix="hfauth-boot-")
    groups = Groups()
    try:
        # If this process is killed, its end of the pipe closes, and that ends the first process of the namespaces.
        with subprocess.Popen([*apart, "/usr/bin/python3", os.path.join(HERE, "booted_cases.py"), scratch],
                              stdin=subprocess.PIPE, preexec_fn=groups.enter) as cases:
            status = cases.wait()
    finally:
        groups.clear()
        os.rmdir(scratch)
    sys.exit(status)


if __name__ == "__main__":
    main()
