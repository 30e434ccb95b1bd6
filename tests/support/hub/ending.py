# SPDX-License-Identifier: Apache-2.0
"""When one of the stand-in's programs is to end: on SIGTERM, on SIGINT, or when its standard input closes."""
import os
import signal
import sys
import threading


def ending(*, until_stdin_closes):
    """An event that is set when the program is to end. Called once, from the main thread."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    if until_stdin_closes:
        threading.Thread(target=_watch, args=(sys.stdin.fileno(), ended), daemon=True).start()
    return ended


def _watch(descriptor, ended):
    # Not through sys.stdin: its lock, held by this thread, would make the interpreter abort at a signal's exit.
    while os.read(descriptor, 1 << 12):
        pass
    ended.set()
