# SPDX-License-Identifier: Apache-2.0
"""A planted token must not turn up anywhere but in a store: what a whole interop run wrote, said and was called with.

    with Planted(user, hub, token): ...the run...

Leaving the block searches every file below the user's folder (home with its cache, state and logs; the runtime folder but
for the lease, which is there to be read), all that the commands printed, and the command lines that were seen: of every
process that has the user's folder in its environment, or that hides its environment from us, looked at many times a second.
And it asks the stand-in how often a credential came to its second origin.
"""
import os
import re
import threading
from pathlib import Path

LEASE = re.compile(r"run/hfauth/lease/[^/]+/token")
INTERVAL_S = 0.01
ASKED = 5  # a process has its parent's environment between fork and exec, so one look may be too early


class Planted:
    def __init__(self, user, hub, *tokens):
        self._user, self._hub = user, hub
        # Also without its prefix: whoever cuts it off has not hidden anything.
        self._secrets = [token.removeprefix("hf_").encode() for token in tokens]
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._watch_command_lines)
        self._shown = set()
        self.n_command_lines = 0  # looked at

    def __enter__(self):
        self._watch.start()
        return self

    def __exit__(self, failure, *_):
        self._over.set()
        self._watch.join()
        if failure is None:
            self.check()

    def check(self):
        found = [f"file {path}" for path in self._files()] + [f"command line {line}" for line in sorted(self._shown)]
        found += [f"output of {command}" for command, said in self._user.said if self._holds(said.encode())]
        leaks = self._hub.get("/__leaks").json
        found += [f"{n} requests to {origin}" for origin, n in leaks.items() if n]
        if found:
            raise AssertionError("the planted token is in: " + "; ".join(found))
        if not self.n_command_lines:
            raise AssertionError("no command line was looked at: the watch is broken")

    def _holds(self, content):
        return any(secret in content for secret in self._secrets)

    def _files(self):
        for folder, _, names in os.walk(self._user.folder):
            for name in names:
                path = Path(folder, name)
                told = str(path.relative_to(self._user.folder))
                if path.is_file() and not path.is_symlink() and not LEASE.fullmatch(told) and self._holds(path.read_bytes()):
                    yield told

    def _watch_command_lines(self):
        ours = os.fsencode(str(self._user.folder))
        known = {}  # process -> [whether it is one of ours, how often that was asked]
        while not self._over.wait(INTERVAL_S):
            present = [name for name in os.listdir("/proc") if name.isdigit()]
            known = {pid: known.get(pid, [False, 0]) for pid in present}
            for pid, state in known.items():
                if not state[0] and state[1] < ASKED:
                    state[0], state[1] = self._is_ours(pid, ours), state[1] + 1
                if state[0]:
                    self._look_at(pid)

    @staticmethod
    def _is_ours(pid, ours):
        try:
            return ours in Path("/proc", pid, "environ").read_bytes()
        except PermissionError:
            return True
        except (FileNotFoundError, ProcessLookupError):
            return False

    def _look_at(self, pid):
        try:
            line = Path("/proc", pid, "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            return
        self.n_command_lines += 1
        if self._holds(line):
            self._shown.add(line.split(b"\0")[0].decode(errors="replace"))
