# SPDX-License-Identifier: BSD-3-Clause
"""A terminal of a size, with a program in it."""
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios

ESCAPE = re.compile(r"\x1b\[[?0-9;]*[A-Za-z]")


class Terminal:
    """Run a program in it; what it shows is gathered in `text`."""

    def __init__(self, command, columns=80, lines=24, **environment):
        self.main, side = pty.openpty()
        self.resize(columns, lines)
        self.before = termios.tcgetattr(side)
        self.side = side
        env = {"TERM": "xterm", "PATH": os.environ["PATH"], **environment}
        self.process = subprocess.Popen(command, stdin=side, stdout=side, stderr=side, env=env, start_new_session=True,
                                        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        self.text = ""

    def resize(self, columns, lines):
        fcntl.ioctl(self.main, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def read(self, timeout=0.2):
        """What came; False when nothing did."""
        if not select.select([self.main], [], [], timeout)[0]:
            return False
        try:
            got = os.read(self.main, 65536).decode(errors="replace")
        except OSError:
            got = ""
        self.text += got
        return got != ""

    def wait_for(self, text, seconds=30):
        """Until this has come, behind what was looked at before."""
        for _ in range(int(seconds / 0.2)):
            if text in self.text:
                return
            self.read()
        raise AssertionError(f"no {text!r} in {self.text!r}")

    def type(self, keys):
        os.write(self.main, keys.encode())

    def forget(self):
        self.text = ""

    def end(self, seconds=30):
        """Its exit status, once it has ended by itself."""
        for _ in range(int(seconds / 0.1)):
            self.read(0.1)
            if self.process.poll() is not None:
                break
        else:
            self.process.kill()
            self.process.wait()
            raise AssertionError("the program did not end")
        while self.read(0):
            pass
        return self.process.returncode

    def is_restored(self):
        return termios.tcgetattr(self.side)[:4] == self.before[:4]

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.side)
        os.close(self.main)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def frames(text):
    """What stood on the screen after each drawing from the top left corner on: lists of lines without escapes."""
    out = []
    for frame in text.split("\x1b[H")[1:]:
        out.append([ESCAPE.sub("", line) for line in frame.split("\r\n")])
    return out
