# SPDX-License-Identifier: Apache-2.0
#
# A container that boots systemd on a throw-away copy of this machine's own root: overlayfs keeps every change in a tmpfs.
# Needs root, systemd-nspawn, and a mount and a process namespace of its own to be in (booted.py makes them): with these
# every mount and every process ends.

import glob
import os
import shutil
import subprocess
import threading

DEADLINE = 40
STARTED = ("running", "degraded")  # the second: a unit of this machine failed, which is not our concern


class CannotBoot(Exception):
    """What this machine refuses; the text is the reason for a skip."""


def wait_until(condition, what, deadline=DEADLINE):
    """Polls: each round waits 20 ms for something that may come at any time. Gives the condition's value."""
    ticker = threading.Event()
    for _ in range(deadline * 50):
        value = condition()
        if value:
            return value
        ticker.wait(0.02)
    raise AssertionError(f"not within {deadline} s: {what}")


def mounted(*words):
    told = subprocess.run(["mount", *words], capture_output=True, text=True, check=False)
    if told.returncode != 0:
        raise CannotBoot(f"mount is refused here: {told.stderr.strip().splitlines()[0]}")


class Container:
    def __init__(self, scratch):
        """`scratch` is an empty folder."""
        mounted("-t", "tmpfs", "-o", "mode=0755", "tmpfs", scratch)
        self.root, upper, work = (os.path.join(scratch, name) for name in ("root", "upper", "work"))
        for folder in (self.root, upper, work):
            os.mkdir(folder)
        mounted("-t", "overlay", "-o", f"lowerdir=/,upperdir={upper},workdir={work}", "overlay", self.root)
        self.log = os.path.join(scratch, "log")
        self.nspawn = None
        self.leader = None
        self.forget_this_machine()

    def path(self, inside):
        return self.root + inside

    def write(self, inside, text, mode=0o644):
        os.makedirs(os.path.dirname(self.path(inside)), exist_ok=True)
        with open(self.path(inside), "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(self.path(inside), mode)

    def forget_this_machine(self):
        """Starts none of the services that this machine's owner enabled, and reads none of its journal."""
        for folder in ("/etc/systemd/system", "/etc/systemd/user", "/var/log/journal", "/var/lib/systemd/linger"):
            shutil.rmtree(self.path(folder), ignore_errors=True)
            os.makedirs(self.path(folder))
        self.write("/etc/environment", "")
        # Not compressed, so that a search through the bytes of its files finds what is there.
        self.write("/etc/systemd/journald.conf.d/50-test.conf",
                   "[Journal]\nStorage=persistent\nCompress=no\nRateLimitIntervalSec=0\n")
        if os.path.lexists(self.path("/etc/machine-id")):
            os.unlink(self.path("/etc/machine-id"))
        self.write("/etc/machine-id", "")

    def boot(self):
        """Returns when systemd has started everything. Raises CannotBoot."""
        with open(self.log, "ab") as log:
            self.nspawn = subprocess.Popen(
                ["systemd-nspawn", "--directory", self.root, "--boot", "--register=no", "--keep-unit", "--console=pipe",
                 "--private-network", "--machine=hfauth-test"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            self.leader = wait_until(self.find_leader, "systemd in the container")
            wait_until(self.is_running, "the container's end of start-up")
        except AssertionError as late:
            with open(self.log, encoding="utf-8", errors="replace") as log:
                last = [line for line in log.read().splitlines() if line.strip()][-3:]
            raise CannotBoot(f"systemd does not boot in a container here ({late}); it said: {' / '.join(last)}") from late

    def find_leader(self):
        if self.nspawn.poll() is not None:
            raise AssertionError(f"systemd-nspawn ended with status {self.nspawn.returncode}")
        for name in glob.glob("/proc/[0-9]*/status"):
            try:
                with open(name, encoding="utf-8") as status:
                    fields = dict(line.rstrip("\n").split(":\t", 1) for line in status if ":\t" in line)
            except OSError:  # ended meanwhile
                continue
            if fields.get("Name") == "systemd" and fields.get("PPid") == str(self.nspawn.pid):
                return int(name.split("/")[2])
        return None

    def is_running(self):
        return self.run("systemctl", "is-system-running", check=False).stdout.strip() in STARTED

    def run(self, *words, check=True, give=None, variables=None):
        """As root in the container."""
        told = subprocess.run(
            ["nsenter", "-t", str(self.leader), "-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w", "--", "env", "-i",
             "PATH=/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin", "LANG=C.UTF-8", *(variables or ()), *words],
            input=give, capture_output=True, text=True, timeout=DEADLINE, check=False)
        if check and told.returncode != 0:
            raise AssertionError(f"{' '.join(words)}: status {told.returncode}\n{told.stdout}{told.stderr}")
        return told

    def power_off(self):
        self.run("systemctl", "poweroff")
        self.nspawn.wait(DEADLINE)

    def reboot(self):
        self.power_off()
        self.boot()


class User:
    """An ordinary user of the container, with a service manager that needs no login."""

    def __init__(self, container, name):
        self.container = container
        self.name = name
        container.run("useradd", "--create-home", "--shell", "/bin/sh", name)
        self.uid = container.run("id", "-u", name).stdout.strip()
        self.home = container.run("sh", "-c", f"echo ~{name}").stdout.strip()
        self.runtime = f"/run/user/{self.uid}"
        container.run("loginctl", "enable-linger", name)
        self.wait_for_manager()

    def wait_for_manager(self):
        wait_until(lambda: self.systemctl("is-system-running", check=False).stdout.strip() in STARTED,
                   "the user's service manager")

    def run(self, *words, **more):
        variables = [f"HOME={self.home}", f"USER={self.name}", f"XDG_RUNTIME_DIR={self.runtime}",
                     f"DBUS_SESSION_BUS_ADDRESS=unix:path={self.runtime}/bus", "HF_HUB_OFFLINE=1"]
        return self.container.run("setpriv", f"--reuid={self.uid}", f"--regid={self.uid}", "--init-groups", *words,
                                  variables=variables, **more)

    def systemctl(self, *words, **more):
        return self.run("systemctl", "--user", *words, **more)

    def write(self, below_home, text):
        """A file of the user's."""
        self.run("sh", "-c", 'mkdir -p "$(dirname "$1")" && cat >"$1"', "sh", os.path.join(self.home, below_home), give=text)
