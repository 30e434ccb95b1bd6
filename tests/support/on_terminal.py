# SPDX-License-Identifier: Apache-2.0
"""A program on a pseudo-terminal of its own, for tests that type and read. Every wait has a deadline."""
import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time

DEADLINE_S = 30
ECHO = termios.ECHO


class OnTerminal:
    """A program whose standard streams are a terminal."""

    def __init__(self, environment, *command):
        self.master, self.slave = pty.openpty()
        self.before = termios.tcgetattr(self.slave)
        self.seen = b""
        self.process = subprocess.Popen(command, stdin=self.slave, stdout=self.slave, stderr=self.slave, env=environment,
                                        start_new_session=True, preexec_fn=self._take_terminal)

    @staticmethod
    def _take_terminal():
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def wait_for(self, text):
        end = time.monotonic() + DEADLINE_S
        while text not in self.seen:
            if not select.select([self.master], [], [], max(0, end - time.monotonic()))[0]:
                raise AssertionError(f"waited for {text!r}, saw {self.seen!r}")
            self.seen += os.read(self.master, 4096)

    def type(self, data):
        os.write(self.master, data)

    def ended(self):
        """The exit status, with everything that was still printed in `seen`."""
        status = self.process.wait(DEADLINE_S)
        while select.select([self.master], [], [], 0)[0]:
            self.seen += os.read(self.master, 4096)
        return status

    def echoes(self):
        return bool(termios.tcgetattr(self.slave)[3] & ECHO)

    def close(self):
        os.close(self.master)
        os.close(self.slave)

    def resize(self, rows, columns):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
