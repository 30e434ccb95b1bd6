# SPDX-License-Identifier: Apache-2.0
#
# A power cut in the middle of stores, simulated: what the agent does to its files is recorded (strace), and for every moment
# of it disks are made that a file system may leave behind: what was synced is there; of the rest, any one change alone, all,
# or none, and a file that was written and not synced whole, cut, or empty. Each must open with the last acknowledged value or
# a newer one.
"""Part of the reliability plan (plan.py)."""

import itertools
import os
import re
import shutil

from running_agent import TOKEN

ID = "R8"
TITLE = "power cuts in the middle of stores"

CALL = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)")


def token_of(number):
    return TOKEN + f"{number:04d}"


def record(place, stores):
    """strace's lines about files, and what the folders held before."""
    trace = os.path.join(place.root, "trace")
    agent = place.start(store="vault")
    agent.connect().add("alice", token=token_of(0))
    agent.kill()
    shutil.copytree(place.home, place.home + ".before")
    agent = place.start(store="vault", prefix=("strace", "-f", "-qq", "-xx", "-s", "1000000", "-o", trace, "-e",
                                               "trace=openat,write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,linkat,close,sendto"))
    client = agent.connect()
    for number in range(1, stores + 1):
        client.add("alice", token=token_of(number), replace=True)
    client.call("Shutdown")
    agent.wait()
    with open(trace, encoding="ascii") as file:
        return file.read().splitlines()


def text_of(argument):
    return bytes.fromhex(argument.strip().strip('".').replace("\\x", "")) if "\\x" in argument else b""


class Event:
    """One change: of a file's content, a name, or a promise (an answer to a store)."""

    def __init__(self, kind, path=b"", other=b"", data=b""):
        self.kind, self.path, self.other, self.data = kind, path, other, data


def events_of(lines, home):
    """What the lines mean for the files below `home`."""
    names, events = {}, []
    for line in lines:
        match = CALL.match(line)
        if not match or int(match.group(3)) < 0:
            continue
        call, arguments, result = match.group(1), match.group(2).split(", "), int(match.group(3))
        if call == "openat":
            path = text_of(arguments[1])
            names[result] = path
            if path.startswith(home) and "O_CREAT" in arguments[2] and not path.endswith(b".lock"):
                events.append(Event("create", path))
        elif call in ("write", "pwrite64") and names.get(int(arguments[0]), b"").startswith(home):
            events.append(Event("write", names[int(arguments[0])], data=text_of(arguments[1])))
        elif call in ("fsync", "fdatasync") and names.get(int(arguments[0]), b"").startswith(home):
            events.append(Event("sync", names[int(arguments[0])]))
        elif call.startswith("rename"):
            paths = [text_of(argument) for argument in arguments if "\\x" in argument]
            events.append(Event("rename", paths[0], paths[1]))
        elif call.startswith("unlink"):
            events.append(Event("unlink", next(text_of(argument) for argument in arguments if "\\x" in argument)))
        elif call == "sendto" and b'"generation"' in text_of(arguments[1]):
            events.append(Event("promise"))
    return events


class Disk:
    """Files by name; content that was synced, and changes of it and of names that were not."""

    def __init__(self, folder):
        self.durable = {}
        for path, _, files in os.walk(folder + ".before"):
            for name in files:
                full = os.path.join(path, name)
                with open(full, "rb") as file:
                    self.durable[full.replace(folder + ".before", folder).encode()] = file.read()
        self.pending = []

    def apply(self, event):
        if event.kind == "sync":
            # Of a file: its content, and what led to it under the name it has; of a folder: its names.
            is_folder = not any(event.path in (change.path, change.other) and change.kind in ("create", "write") for change in self.pending)
            kept = []
            for change in self.pending:
                concerned = (os.path.dirname(change.other or change.path) == event.path) if is_folder else (
                    change.path == event.path and change.kind in ("create", "write"))
                if concerned:
                    self.change(self.durable, change)
                else:
                    kept.append(change)
            self.pending = kept
        elif event.kind != "promise":
            self.pending.append(event)

    @staticmethod
    def change(files, event):
        if event.kind == "create":
            files.setdefault(event.path, b"")
        elif event.kind == "write":
            files[event.path] = files.get(event.path, b"") + event.data
        elif event.kind == "rename" and event.path in files:
            files[event.other] = files.pop(event.path)
        elif event.kind == "unlink":
            files.pop(event.path, None)

    def left_behind(self):
        """What a cut now may leave: no pending change, all, each alone, all but one; and of the written, a half."""
        choices = [[], self.pending]
        choices += [[change] for change in self.pending]
        choices += [[other for other in self.pending if other is not change] for change in self.pending]
        choices += [self.pending[:length] for length in range(1, len(self.pending))]
        seen = set()
        for chosen in choices:
            for torn in (False, True) if any(change.kind == "write" for change in chosen) else (False,):
                files = dict(self.durable)
                for change in chosen:
                    cut = Event("write", change.path, data=change.data[:len(change.data) // 2]) if torn and change.kind == "write" else change
                    self.change(files, cut)
                key = tuple(sorted(files.items()))
                if key not in seen:
                    seen.add(key)
                    yield files


def opens(context, home, files):
    """The token that an agent finds on such a disk, or its error."""
    place = context.place()
    for path, content in files.items():
        target = os.path.join(place.home, os.path.relpath(os.fsdecode(path), home))
        os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
        with open(target, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(content)
    agent = place.start(store="vault")
    answer = agent.connect().call("GetToken", profile="alice")
    place.end()
    context.places.remove(place)
    return answer["parameters"].get("token") or str(answer)


def run(context):
    if shutil.which("strace") is None:
        raise AssertionError("strace is not installed")
    place = context.place()
    stores = context.rounds(quick=1, full=3)
    events = events_of(record(place, stores), os.fsencode(place.home))
    disk, promised, tried, wrong = Disk(place.home), 0, 0, []
    known = {}
    for number, event in enumerate(events):
        disk.apply(event)
        promised += event.kind == "promise"
        allowed = {token_of(later) for later in range(promised, stores + 1)}
        for files in disk.left_behind():
            key = tuple(sorted(files.items()))
            if key not in known:
                tried += 1
                known[key] = opens(context, place.home, files)
            if known[key] not in allowed:
                wrong.append((number, event.kind, os.path.basename(event.path), known[key][:120]))
    for case in itertools.islice(wrong, 10):
        print(case)
    context.row(f"power cuts at {len(events)} moments of {stores} stores, {tried} disks that may be left: the last acknowledged value or a newer one", "all",
                f"{tried} tried, {len(wrong)} wrong", not wrong and promised == stores)
